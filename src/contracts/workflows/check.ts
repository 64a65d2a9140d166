import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { deploymentNameSchema, windowSchema } from './common.ts';

/** Compares what is there with the plan. Touches nothing. */
export const checkInputSchema = z.strictObject({ deployment: deploymentNameSchema, window: windowSchema });
export type CheckInput = z.infer<typeof checkInputSchema>;

export type CheckResult = {
  readonly deployment: string;
  readonly healthy: boolean;
  readonly instances: readonly InstanceHealth[];
};
export type InstanceHealth = {
  readonly instance: string;
  readonly node: string;
  readonly healthy: boolean;
  /** Null when healthy. */
  readonly reason: string | null;
  readonly facts?: JsonObject;
};
