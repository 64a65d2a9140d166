import { z } from 'zod';
import { deploymentNameSchema, windowSchema } from './common.ts';

/** Checks a deployment and repairs what is not well in the order of its dependencies, touching nothing else. */
export const healInputSchema = z.strictObject({
  deployment: deploymentNameSchema,
  reinstall: z
    .boolean()
    .default(true)
    .describe('Reinstall an instance, with what it contains, when it cannot be repaired in place'),
  recursive: z
    .boolean()
    .default(false)
    .describe('Also heal the deployments that this one uses by proxies; else they are only reported'),
  window: windowSchema,
  parent: deploymentNameSchema.optional().describe('The deployment whose heal asked for this one'),
});
export type HealInput = z.infer<typeof healInputSchema>;

export type HealResult = {
  readonly deployment: string;
  /** What was done, in components and deployments healed along too; empty when all was well. */
  readonly repairs: readonly Repair[];
  /** What is not well in deployments that this one uses, and was left to them. */
  readonly unwell: readonly Unwell[];
  /** For each probe through which no traffic went at the beginning: after how long it went again. */
  readonly traffic: readonly TrafficReturn[];
  /** How many instances of this deployment were looked at. */
  readonly checked: number;
};

export const repairSchema = z.object({
  deployment: z.string(),
  instance: z.string(),
  node: z.string(),
  reason: z.string(),
  /** In place; made anew with what it contains; or brought to its end, when an install had not. */
  action: z.enum(['healed', 'reinstalled', 'installed']),
});
export type Repair = z.infer<typeof repairSchema>;

export const unwellSchema = z.object({ deployment: z.string(), instance: z.string(), reason: z.string() });
export type Unwell = z.infer<typeof unwellSchema>;

export type TrafficReturn = { readonly instance: string; readonly seconds: number };
