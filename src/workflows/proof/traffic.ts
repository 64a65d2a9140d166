import { isCancellation } from '@temporalio/workflow';
import { z } from 'zod';
import { explained } from '../../contracts/explained.ts';
import type { TrafficEvidence } from '../../contracts/operation.ts';
import type { ProveResult } from '../../contracts/workflows/prove.ts';
import { operations } from '../lifecycle/interfaces.ts';
import { runNodeOperation } from '../lifecycle/operation.ts';
import type { Run } from '../lifecycle/run.ts';
import { instancesOffering } from './hops.ts';

const milliseconds = z.number();
const evidenceSchema: z.ZodType<TrafficEvidence> = z.object({
  url: z.string(),
  from: z.string(),
  expected: z.string(),
  answers: z.array(
    z.union([
      z.object({ ok: z.literal(true), status: z.number(), body: z.string(), milliseconds }),
      z.object({ ok: z.literal(false), reason: z.string(), milliseconds }),
    ]),
  ),
});

export type Verified = { readonly traffic: ProveResult['traffic']; readonly problems: readonly string[] };

type Expectation = typeof operations.verifyTraffic | typeof operations.verifyNoTraffic;

/** Sends requests by every probe that belongs to the living chain. */
export async function verifyTraffic(
  run: Run,
  expectation: Expectation = operations.verifyTraffic,
): Promise<Verified> {
  const ids = instancesOffering(run, expectation);
  const results = await Promise.all(
    ids.map(async (instance): Promise<Verified> => {
      try {
        const evidence = evidenceSchema.parse(await runNodeOperation(run, instance, expectation));
        return { traffic: [{ instance, evidence }], problems: [] };
      } catch (error) {
        if (isCancellation(error)) throw error;
        return { traffic: [], problems: [`${instance}: ${explained(error).message}`] };
      }
    }),
  );
  const none = ids.length === 0 ? ['No probe sends traffic through this deployment.'] : [];
  return {
    traffic: results.flatMap(({ traffic }) => traffic),
    problems: [...none, ...results.flatMap(({ problems }) => problems)],
  };
}
