import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import { isOfInstallation, ofAnother } from '../installation.ts';
import type { Tools } from '../operation.ts';
import type { Owner } from './provider.ts';

type Thing = { readonly name: string; readonly owner: Owner | undefined };
type Installation = Pick<Tools, 'installation'>;

/** Who makes something for an instance. */
export function ownerFor(
  { deployment }: OperationContext,
  { id: instance }: InstanceView,
  { installation }: Installation,
): Owner {
  return { installation, deployment, instance };
}

/** Made for the same deployment of the same installation. */
export function isMadeFor(owner: Owner | undefined, wanted: Owner): boolean {
  return (
    owner !== undefined &&
    owner.deployment === wanted.deployment &&
    (wanted.installation === undefined || isOfInstallation(owner.installation, wanted.installation))
  );
}

/** Made by this deployment, or taken as its own earlier. */
export function isOurs(
  thing: Thing,
  context: OperationContext,
  self: InstanceView,
  tools: Installation,
): boolean {
  return isMadeFor(thing.owner, ownerFor(context, self, tools)) || self.runtimeProperties['adopted'] === true;
}

/** Fails as Unowned, unless adoption is asked for. Tells whether the thing is adopted. */
export function claim(
  kind: string,
  thing: Thing,
  context: OperationContext,
  self: InstanceView,
  tools: Installation,
): boolean {
  if (isMadeFor(thing.owner, ownerFor(context, self, tools))) return false;
  if (context.adopt || self.runtimeProperties['adopted'] === true) return true;
  throw failure(
    'Unowned',
    `there is a ${kind} ${thing.name} already, and it ${whose(thing, tools)}; remove it, name the deployment otherwise, or ask for adoption`,
    { details: { kind, name: thing.name, owner: thing.owner ?? null } },
  );
}

/** Whose a thing is that is not ours, for people. */
export function whose({ owner }: Thing, { installation }: Installation): string {
  if (owner === undefined) return 'was not made by Braid in this lab';
  if (owner.installation !== undefined && owner.installation !== installation)
    return ofAnother(owner.installation);
  return `belongs to deployment ${owner.deployment}`;
}
