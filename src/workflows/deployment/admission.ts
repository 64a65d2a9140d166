import type { ApplicationFailure } from '@temporalio/common';
import type { BeginRequest } from '../../contracts/entity.ts';
import { failure } from '../../contracts/failure.ts';
import type { DeploymentRecord } from '../../contracts/record.ts';
import { sameJson } from '../../contracts/same-json.ts';

/** Why an execution may not begin on this deployment, or undefined when it may. */
export function refusal(
  record: DeploymentRecord | undefined,
  request: BeginRequest,
): ApplicationFailure | undefined {
  if (record === undefined || record.phase === 'uninstalled') {
    return request.install === null
      ? failure('DeploymentNotFound', 'There is no such deployment.')
      : undefined;
  }
  return busy(record, request) ?? otherInstall(record, request) ?? inUse(record, request);
}

function busy(
  { deployment, holder }: DeploymentRecord,
  request: BeginRequest,
): ApplicationFailure | undefined {
  if (holder === null || holder.runId === request.runId || holder.runId === request.replaces)
    return undefined;
  return failure(
    'DeploymentBusy',
    `The deployment ${deployment} is being worked on by ${holder.execution} (${holder.kind}, since ${holder.since}).`,
    { details: { holder } },
  );
}

function otherInstall(record: DeploymentRecord, { install }: BeginRequest): ApplicationFailure | undefined {
  if (install === null) return undefined;
  const { deployment } = record;
  if (install.plan !== record.plan || install.blueprint.reference !== record.blueprint.reference) {
    const inputsDiffer = !sameJson(install.inputs, record.inputs);
    return failure(
      'DeploymentExists',
      inputsDiffer
        ? `A deployment ${deployment} exists already, made of ${record.blueprint.path} with other inputs.`
        : `A deployment ${deployment} exists already, and its blueprint ${record.blueprint.path} has changed since (or is another one).`,
    );
  }
  if (install.parent !== record.parent) {
    return failure(
      'DeploymentExists',
      record.parent === null
        ? `A deployment ${deployment} exists already and is not a component of ${install.parent ?? 'another'}.`
        : `The deployment ${deployment} is a component of ${record.parent}; install that one.`,
    );
  }
  return undefined;
}

function inUse(record: DeploymentRecord, { uninstall }: BeginRequest): ApplicationFailure | undefined {
  if (uninstall === null || uninstall.force) return undefined;
  const users = [...record.consumers, ...(record.parent === null ? [] : [record.parent])];
  const others = [...new Set(users)].filter((user) => user !== uninstall.parent);
  if (others.length === 0) return undefined;
  return failure('DeploymentInUse', `The deployment ${record.deployment} is used by ${others.join(', ')}.`, {
    details: { consumers: others },
  });
}
