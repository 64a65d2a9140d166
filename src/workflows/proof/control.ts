import { CancellationScope } from '@temporalio/workflow';
import type { Control } from '../../contracts/workflows/prove.ts';
import { operations } from '../lifecycle/interfaces.ts';
import { runNodeOperation } from '../lifecycle/operation.ts';
import type { Run } from '../lifecycle/run.ts';
import { instancesOffering } from './hops.ts';
import { verifyTraffic } from './traffic.ts';

type Controlled = { readonly controls: readonly Control[]; readonly problems: readonly string[] };

/**
 * Withdraws each hop that can be withdrawn, one after another: without it traffic must stop, and with it
 * come back. The hop is restored whatever happens in between.
 */
export async function controlHops(run: Run): Promise<Controlled> {
  const controls: Control[] = [];
  for (const instance of instancesOffering(run, operations.withdrawHop)) {
    controls.push(await controlHop(run, instance));
  }
  const problems = controls.flatMap(({ instance, trafficStopped, trafficCameBack }) => [
    ...(trafficStopped ? [] : [`Traffic went on without ${instance}.`]),
    ...(trafficCameBack ? [] : [`Traffic did not come back with ${instance}.`]),
  ]);
  return { controls, problems };
}

async function controlHop(run: Run, instance: string): Promise<Control> {
  let stopped: boolean;
  try {
    await runNodeOperation(run, instance, operations.withdrawHop);
    stopped = (await verifyTraffic(run, operations.verifyNoTraffic)).problems.length === 0;
  } finally {
    await CancellationScope.nonCancellable(() => runNodeOperation(run, instance, operations.restoreHop));
  }
  const { problems } = await verifyTraffic(run);
  return { instance, trafficStopped: stopped, trafficCameBack: problems.length === 0 };
}
