import {
  type HopProof,
  type ProveInput,
  proveInputSchema,
  type ProveResult,
} from '../contracts/workflows/prove.ts';
import { execute } from './execution.ts';
import { parseInput } from './input.ts';
import { controlHops } from './proof/control.ts';
import { growth, type Observed, observeHops } from './proof/hops.ts';
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
    async (run) => ({ result: await proof(run, input), offers: null, gone: false }),
  );
}

const looks = 5;

/** A hop may count a request a moment after it was answered: it is looked at again before it is called idle. */
async function grownHops(run: Run, before: Observed): Promise<ReturnType<typeof growth>> {
  let hops = growth(before, await observeHops(run));
  for (let look = 1; look < looks && hops.some(isIdle); look += 1) {
    hops = growth(before, await observeHops(run));
  }
  return hops;
}

function isIdle({ grown }: HopProof): boolean {
  return !Object.values(grown).some((by) => by > 0);
}

/** The hops’ counters before and after this run’s own requests tell which of them carried these. */
async function proof(run: Run, { deployment, disruptive }: ProveInput): Promise<ProveResult> {
  const before = await observeHops(run);
  const { traffic, problems: unanswered } = await verifyTraffic(run);
  const hops = await grownHops(run, before);
  const idle = hops.filter(isIdle).map(({ role, at }) => `No traffic passed the ${role} at ${at}.`);
  const missing = hops.length === 0 ? ['No hop tells what it carried.'] : [];
  const { controls, problems: uncontrolled } = disruptive
    ? await controlHops(run)
    : { controls: [], problems: [] };
  const problems = [...unanswered, ...idle, ...missing, ...uncontrolled];
  return { deployment, proven: problems.length === 0, traffic, hops, controls, problems };
}
