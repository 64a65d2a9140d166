import { log } from '@temporalio/workflow';
import { explained } from '../contracts/explained.ts';
import { uninstallInputSchema, type UninstallResult } from '../contracts/workflows/uninstall.ts';
import { execute } from './execution.ts';
import { parseInput } from './input.ts';
import { loadConsumed } from './lifecycle/consumed.ts';
import { throwFailures } from './lifecycle/failures.ts';
import type { Run } from './lifecycle/run.ts';
import { uninstallInstances } from './lifecycle/uninstall.ts';
import { system } from './system-activities.ts';

/** Removes all that a deployment made, and the deployment; see `uninstallInputSchema`. */
export async function uninstall(...args: unknown[]): Promise<UninstallResult> {
  const { deployment, force, parent, window } = parseInput('uninstall', uninstallInputSchema, args);
  return execute(
    {
      deployment,
      kind: 'uninstall',
      install: null,
      uninstall: { force, parent: parent ?? null },
      plan: null,
      adopt: false,
      window,
      lenient: true,
    },
    async (run) => {
      const remains: UninstallResult['remains'][number][] = [];
      await loadAllConsumed(run);
      const ids = [...run.journal.instances.keys()];
      const passOver = (instance: string, operation: string, error: unknown): void => {
        const { code, message } = explained(error);
        remains.push({ instance, operation, reason: `${code}: ${message}` });
      };
      const outcomes = await uninstallInstances(run, ids, force ? { passOver } : {});
      throwFailures(run, outcomes, 'The uninstall');
      await releaseAll(run);
      const result = { deployment, removed: ids.length, remains };
      return { result, offers: null, gone: true };
    },
  );
}

/** Before anything is gone that the names of the used deployments could depend on. */
async function loadAllConsumed(run: Run): Promise<void> {
  const { nodes, outputs, capabilities } = run.plan;
  for (const { id, node } of run.journal.instances.values()) {
    const { properties = {}, operations = {} } = nodes[node] ?? {};
    const inputs = Object.values(operations).map((operation) => operation.inputs);
    await loadConsumed(run, { self: id }, [properties, ...inputs]);
  }
  await loadConsumed(
    run,
    {},
    [...Object.values(outputs), ...Object.values(capabilities)].map(({ value }) => value),
  );
}

/** What this deployment used may be uninstalled from now on. */
async function releaseAll(run: Run): Promise<void> {
  for (const deployment of run.consumed.keys()) {
    await system.releaseDeployment({ deployment, consumer: run.deployment });
    log.info(`No longer a consumer of ${deployment}`);
  }
}
