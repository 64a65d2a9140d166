import { z } from 'zod';
import type { TrafficEvidence } from '../operation.ts';
import { deploymentNameSchema } from './common.ts';

/** Proves that a service chain carries its traffic, with evidence of this very run. */
export const proveInputSchema = z.strictObject({
  deployment: deploymentNameSchema,
  disruptive: z
    .boolean()
    .default(false)
    .describe('Also withdraw each hop that can be withdrawn: traffic must stop, and come back with it'),
});
export type ProveInput = z.infer<typeof proveInputSchema>;

export type ProveResult = {
  readonly deployment: string;
  readonly proven: boolean;
  readonly traffic: readonly { readonly instance: string; readonly evidence: TrafficEvidence }[];
  readonly hops: readonly HopProof[];
  /** One a withdrawn hop; empty unless asked for. */
  readonly controls: readonly Control[];
  /** What kept the chain from being proven. */
  readonly problems: readonly string[];
};
export type HopProof = {
  readonly instance: string;
  readonly role: string;
  readonly at: string;
  readonly addresses: readonly string[];
  /** By how much each counter grew while this run’s requests passed. */
  readonly grown: { readonly [counter: string]: number };
};
export type Control = {
  readonly instance: string;
  readonly trafficStopped: boolean;
  readonly trafficCameBack: boolean;
};
