import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import type { Owner } from './provider.ts';

type Thing = { readonly name: string; readonly owner: Owner | undefined };

/** Made by this deployment, or taken as its own earlier. */
export function isOurs(thing: Thing, context: OperationContext, self: InstanceView): boolean {
  return thing.owner?.deployment === context.deployment || self.runtimeProperties['adopted'] === true;
}

/** Fails as Unowned, unless adoption is asked for. Tells whether the thing is adopted. */
export function claim(kind: string, thing: Thing, context: OperationContext, self: InstanceView): boolean {
  if (thing.owner?.deployment === context.deployment) return false;
  if (context.adopt || self.runtimeProperties['adopted'] === true) return true;
  const whose =
    thing.owner === undefined
      ? 'was not made by Braid in this lab'
      : `belongs to deployment ${thing.owner.deployment}`;
  throw failure(
    'Unowned',
    `there is a ${kind} ${thing.name} already, and it ${whose}; remove it, name the deployment otherwise, or ask for adoption`,
    { details: { kind, name: thing.name, owner: thing.owner ?? null } },
  );
}
