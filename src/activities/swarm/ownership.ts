import { failure } from '../../contracts/failure.ts';
import type { LiveService } from './live.ts';
import { specLabel, specName } from './live-spec.ts';
import type { Owner } from './service-spec.ts';

/** Made for the same node of the same deployment, be it for an instance that was forgotten since. */
export function isOurs(service: LiveService, owner: Owner): boolean {
  const { deployment, instance } = ownerOf(service);
  return (
    deployment === owner.deployment && instance !== undefined && nodeOf(instance) === nodeOf(owner.instance)
  );
}

/** Unowned: the error that tells whose it is. */
export function unowned(service: LiveService, where: string): Error {
  const { deployment, instance } = ownerOf(service);
  const whose =
    deployment === undefined
      ? 'was not made by Braid'
      : `belongs to instance ${instance ?? '?'} of deployment ${deployment}`;
  const message = `There is a service “${specName(service.Spec)}” on ${where} already, and it ${whose}. Remove it, give this one another name, or ask for adoption.`;
  return failure('Unowned', message, {
    details: { service: specName(service.Spec), deployment: deployment ?? null, instance: instance ?? null },
  });
}

function ownerOf(service: LiveService): { deployment: string | undefined; instance: string | undefined } {
  return {
    deployment: specLabel(service.Spec, 'io.braid.deployment'),
    instance: specLabel(service.Spec, 'io.braid.instance'),
  };
}

/** `load_balancer_x7k2pd` → `load_balancer` */
function nodeOf(instance: string): string {
  return instance.slice(0, Math.max(0, instance.lastIndexOf('_')));
}
