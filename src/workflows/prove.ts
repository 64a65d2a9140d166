import { type ProveInput, proveInputSchema, type ProveResult } from '../contracts/workflows/prove.ts';
import { execute } from './execution.ts';
import { parseInput } from './input.ts';
import { controlHops } from './proof/control.ts';
import { growth, observeHops } from './proof/hops.ts';
import { verifyTraffic } from './proof/traffic.ts';
import type { Run } from './lifecycle/run.ts';

/** Proves that a service chain carries its traffic; see `proveInputSchema`. */
export async function prove(...args: unknown[]): Promise<ProveResult> {
  const input = parseInput('prove', proveInputSchema, args);
  return execute(
    {
      deployment: input.deployment,
      kind: 'prove',
      install: null,
      uninstall: null,
      plan: null,
      adopt: false,
      window: 100,
      lenient: false,
    },
    async (run) => ({ result: await proof(run, input), outputs: null, capabilities: null, gone: false }),
  );
}

/** The hops’ counters before and after this run’s own requests tell which of them carried these. */
async function proof(run: Run, { deployment, disruptive }: ProveInput): Promise<ProveResult> {
  const before = await observeHops(run);
  const { traffic, problems: unanswered } = await verifyTraffic(run);
  const hops = growth(before, await observeHops(run));
  const idle = hops
    .filter(({ grown }) => !Object.values(grown).some((by) => by > 0))
    .map(({ role, at }) => `No traffic passed the ${role} at ${at}.`);
  const missing = hops.length === 0 ? ['No hop tells what it carried.'] : [];
  const { controls, problems: uncontrolled } = disruptive
    ? await controlHops(run)
    : { controls: [], problems: [] };
  const problems = [...unanswered, ...idle, ...missing, ...uncontrolled];
  return { deployment, proven: problems.length === 0, traffic, hops, controls, problems };
}
