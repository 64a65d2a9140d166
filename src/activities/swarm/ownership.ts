import { failure } from '../../contracts/failure.ts';
import { installationLabel, isOfInstallation, ofAnother } from '../installation.ts';
import type { LiveService } from './live.ts';
import { specLabel, specName } from './live-spec.ts';
import type { Owner } from './service-spec.ts';

/** Made for the same node of the same deployment, be it for an instance that was forgotten since. */
export function isOurs(service: LiveService, owner: Owner): boolean {
  const { deployment, instance } = ownerOf(service);
  return (
    isOfInstallation(installationOf(service), owner.installation) &&
    deployment === owner.deployment &&
    instance !== undefined &&
    nodeOf(instance) === nodeOf(owner.instance)
  );
}

/** Undefined: made before installations were told apart, or by someone else. */
export function installationOf(service: LiveService): string | undefined {
  return specLabel(service.Spec, installationLabel);
}

/**
 * Drift without the label of the installation, where the service was labelled before that was one: it is as it
 * should be until it is applied next.
 */
export function withoutMark(drift: readonly string[], service: LiveService): readonly string[] {
  if (installationOf(service) !== undefined) return drift;
  return drift.filter((path) => path !== `labels.${installationLabel}`);
}

/** Whose a service is that is not ours, for people. */
export function whose(service: LiveService, owner: Owner): string {
  const { deployment, instance } = ownerOf(service);
  const installation = installationOf(service);
  if (installation !== undefined && installation !== owner.installation) return ofAnother(installation);
  if (deployment === undefined) return 'was not made by Braid';
  return `belongs to instance ${instance ?? '?'} of deployment ${deployment}`;
}

/** Unowned: the error that tells whose it is. */
export function unowned(service: LiveService, owner: Owner, where: string): Error {
  const { deployment, instance } = ownerOf(service);
  const message = `There is a service “${specName(service.Spec)}” on ${where} already, and it ${whose(service, owner)}. Remove it, give this one another name, or ask for adoption.`;
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
