import { z } from 'zod';
import { deploymentNameSchema, parentSchema, windowSchema } from './common.ts';

/** Removes all that a deployment made, and the deployment. */
export const uninstallInputSchema = z.strictObject({
  deployment: deploymentNameSchema,
  force: z
    .boolean()
    .default(false)
    .describe('Uninstall although others use it, and forget what cannot be removed, reporting it'),
  window: windowSchema,
  parent: parentSchema,
});
export type UninstallInput = z.infer<typeof uninstallInputSchema>;

export type UninstallResult = {
  readonly deployment: string;
  readonly removed: number;
  /** With `force`: what may still be there. */
  readonly remains: readonly {
    readonly instance: string;
    readonly operation: string;
    readonly reason: string;
  }[];
};
