import { failure } from '../contracts/failure.ts';
import type { InstanceState } from '../contracts/record.ts';
import { installInputSchema, type InstallResult } from '../contracts/workflows/install.ts';
import { expand } from '../topology/expand.ts';
import { execute } from './execution.ts';
import { newSuffix } from './suffix.ts';
import { parseInput } from './input.ts';
import { throwFailures } from './lifecycle/failures.ts';
import { installInstances } from './lifecycle/install.ts';
import { offersOf } from './lifecycle/offers.ts';
import type { Run } from './lifecycle/run.ts';
import { uninstallInstances } from './lifecycle/uninstall.ts';
import { system } from './system-activities.ts';

/** Installs a deployment, or goes on with one that is not complete; see `installInputSchema`. */
export async function install(...args: unknown[]): Promise<InstallResult> {
  const input = parseInput('install', installInputSchema, args);
  const { deployment } = input;
  if (input.parent === deployment)
    throw failure('InvalidInput', `${deployment} cannot be a component of itself.`);
  const { blueprint, plan, planReference } = await system.prepareBlueprint({
    path: input.blueprint,
    inputs: input.inputs,
  });
  const instances = expand(plan, newSuffix);
  const what = {
    blueprint,
    inputs: input.inputs,
    plan: planReference,
    instances,
    parent: input.parent ?? null,
  };
  return execute(
    {
      deployment,
      kind: 'install',
      install: what,
      uninstall: null,
      plan,
      adopt: input.adopt,
      window: input.window,
      lenient: false,
    },
    async (run) => {
      const ids = [...run.journal.instances.keys()];
      const before = new Map(ids.map((id) => [id, run.journal.instances.get(id)?.state]));
      const outcomes = await installInstances(run, ids);
      if (input.onFailure === 'rollback' && [...outcomes.values()].some(({ kind }) => kind === 'failed')) {
        await rollBack(run, before);
      }
      throwFailures(run, outcomes, 'The install');
      const offers = await offersOf(run);
      return { result: { deployment, ...offers, instances: ids.length }, offers, gone: false };
    },
  );
}

/** Undoes what this execution did, in reverse; what cannot be undone is left for the next install. */
async function rollBack(run: Run, before: ReadonlyMap<string, InstanceState | undefined>): Promise<void> {
  const touched = [...run.journal.instances.values()].filter(({ id, state }) => state !== before.get(id));
  await uninstallInstances(
    run,
    touched.map(({ id }) => id),
  );
}
