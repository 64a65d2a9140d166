import { CancellationScope } from '@temporalio/workflow';
import type { Control } from '../../contracts/workflows/prove.ts';
import { operations } from '../lifecycle/interfaces.ts';
import { runNodeOperation } from '../lifecycle/operation.ts';
import type { Run } from '../lifecycle/run.ts';
import { instancesOffering } from './hops.ts';
import { type Verified, verifyTraffic } from './traffic.ts';

type Controlled = { readonly controls: readonly Control[]; readonly problems: readonly string[] };

/**
 * Withdraws each hop that can be withdrawn, one after another: without it traffic must stop, and with it
 * come back. The hop is restored whatever happens in between.
 */
export async function controlHops(run: Run): Promise<Controlled> {
  const controls: Control[] = [];
  const problems: string[] = [];
  for (const instance of instancesOffering(run, operations.withdrawHop)) {
    const stopped = await verifyWithout(run, instance);
    const back = await verifyTraffic(run);
    controls.push({
      instance,
      trafficStopped: stopped.problems.length === 0,
      trafficCameBack: back.problems.length === 0,
    });
    problems.push(
      ...stopped.problems.map((problem) => `Without ${instance}: ${problem}`),
      ...back.problems.map((problem) => `With ${instance} again: ${problem}`),
    );
  }
  return { controls, problems };
}

async function verifyWithout(run: Run, instance: string): Promise<Verified> {
  try {
    await runNodeOperation(run, instance, operations.withdrawHop);
    return await verifyTraffic(run, operations.verifyNoTraffic);
  } finally {
    await CancellationScope.nonCancellable(() => runNodeOperation(run, instance, operations.restoreHop));
  }
}
