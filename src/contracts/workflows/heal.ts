import { z } from 'zod';
import { deploymentNameSchema, windowSchema } from './common.ts';

/** Checks a deployment in the order of its dependencies and repairs what is not well, touching nothing else. */
export const healInputSchema = z.strictObject({
  deployment: deploymentNameSchema,
  reinstall: z
    .boolean()
    .default(true)
    .describe('Reinstall an instance, with what it contains, when it cannot be repaired in place'),
  window: windowSchema,
  parent: deploymentNameSchema.optional().describe('The deployment whose heal asked for this one'),
});
export type HealInput = z.infer<typeof healInputSchema>;

export type HealResult = {
  readonly deployment: string;
  /** What was done; empty when all was well. */
  readonly repairs: readonly Repair[];
  readonly checked: number;
};
export type Repair = {
  readonly instance: string;
  readonly node: string;
  readonly reason: string;
  /** In place; made anew with what it contains; or brought to its end, when an install had not. */
  readonly action: 'healed' | 'reinstalled' | 'installed';
};
