import { installationLabel } from '../../installation.ts';
import type { Owner } from '../provider.ts';

const lab = 'io.braid.lab';
const deployment = 'io.braid.deployment';
const instance = 'io.braid.instance';
const fingerprint = 'io.braid.fingerprint';
const attachments = 'io.braid.attachments';

export type Labels = Readonly<Record<string, string>>;

export function ownerLabels(labName: string, owner: Owner): Labels {
  return {
    [lab]: labName,
    ...(owner.installation === undefined ? {} : { [installationLabel]: owner.installation }),
    [deployment]: owner.deployment,
    [instance]: owner.instance,
  };
}

/** Undefined: made by someone else, or for another lab on the same engine. */
export function ownerOf(labels: Labels | undefined, labName: string): Owner | undefined {
  const made = labels?.[deployment];
  if (labels?.[lab] !== labName || made === undefined) return undefined;
  return {
    installation: labels[installationLabel],
    deployment: made,
    instance: labels[instance] ?? '',
  };
}

/** A place in a network: the address is null when any free one will do. */
export type WantedPlace = { readonly network: string; readonly address: string | null };

export function machineLabels(print: string, places: readonly WantedPlace[]): Labels {
  return { [fingerprint]: print, [attachments]: JSON.stringify(places) };
}

export function fingerprintOf(labels: Labels | undefined): string | undefined {
  return labels?.[fingerprint];
}

/** In the order of the machine's interfaces. */
export function wantedPlaces(labels: Labels | undefined): readonly WantedPlace[] {
  const places: readonly WantedPlace[] = JSON.parse(labels?.[attachments] ?? '[]');
  return places;
}
