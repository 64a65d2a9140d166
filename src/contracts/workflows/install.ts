import { z } from 'zod';
import type { Offers } from '../offers.ts';
import {
  blueprintSchema,
  deploymentNameSchema,
  inputsSchema,
  onFailureSchema,
  parentSchema,
  windowSchema,
} from './common.ts';

/** Installs a deployment, or goes on with one that is not complete. */
export const installInputSchema = z.strictObject({
  deployment: deploymentNameSchema,
  blueprint: blueprintSchema,
  inputs: inputsSchema,
  onFailure: onFailureSchema,
  window: windowSchema,
  adopt: z
    .boolean()
    .default(false)
    .describe('Take objects of the same name that Braid did not make as its own'),
  parent: parentSchema,
});
export type InstallInput = z.infer<typeof installInputSchema>;

export type InstallResult = Offers & {
  readonly deployment: string;
  /** How many node instances are started. */
  readonly instances: number;
};
