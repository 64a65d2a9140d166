/**
 * The two roots of the secret store: what people put lies under `own/`, what operations make under
 * `made/<deployment>/`. So no deployment's name reaches a person's secrets.
 */
const own = 'own/';

/** The name in the store of what a person or a blueprint calls `kubeconfig` or `own/kubeconfig`. */
export function ownSecret(name: string): string {
  return name.startsWith(own) ? name : `${own}${name}`;
}

export function isOwnSecret(name: string): boolean {
  return name.startsWith(own);
}

/** What all names begin with that a deployment's operations make. */
export function madeBy(deployment: string): string {
  return `made/${deployment}/`;
}

/** A secret that one of Braid's own operations makes for an instance. */
export function madeSecret(deployment: string, instance: string, key: string): string {
  return `${madeBy(deployment)}${instance}/${key}`;
}

/** A secret that a script makes for an instance: apart, so that none takes the place of one of Braid's own. */
export function scriptSecret(deployment: string, instance: string, key: string): string {
  return `${madeBy(deployment)}${instance}/script/${key}`;
}
