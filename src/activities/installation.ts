/** The label of objects that tells which installation of Braid made them. */
export const installationLabel = 'io.braid.installation';

/** What was made before installations were told apart has no label; it counts as this one's. */
export function isOfInstallation(labelled: string | undefined, installation: string): boolean {
  return labelled === undefined || labelled === installation;
}

/** For the end of a sentence that names the object. */
export function ofAnother(installation: string): string {
  return `belongs to another installation of Braid (${installation})`;
}
