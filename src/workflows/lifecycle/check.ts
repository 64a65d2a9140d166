import { isCancellation } from '@temporalio/workflow';
import { z } from 'zod';
import { explained } from '../../contracts/explained.ts';
import type { Health } from '../../contracts/operation.ts';
import { jsonObjectSchema } from '../../contracts/json-schemas.ts';
import { operations } from './interfaces.ts';
import { hasOperation, runNodeOperation } from './operation.ts';
import { instanceOf, type Run } from './run.ts';

const healthSchema = z.union([
  z.object({ healthy: z.literal(true), facts: jsonObjectSchema.optional() }),
  z.object({ healthy: z.literal(false), reason: z.string(), facts: jsonObjectSchema.optional() }),
]);

/** How one instance is: by its own check, or by its state when it has none. A check that fails is ill health. */
export async function checkInstance(run: Run, id: string): Promise<Health> {
  try {
    return await askInstance(run, id);
  } catch (error) {
    return failedCheck(error);
  }
}

export function failedCheck(error: unknown): Health {
  if (isCancellation(error)) throw error;
  const { code, message } = explained(error);
  return { healthy: false, reason: `${code}: ${message}` };
}

/** The same, and throws when the check itself fails: then nothing is known of the instance. */
export async function askInstance(run: Run, id: string): Promise<Health> {
  const { state } = instanceOf(run, id);
  if (state !== 'started') return { healthy: false, reason: `it is ${state}, not started` };
  if (!hasOperation(run, id, operations.checkStatus)) return { healthy: true };
  const parsed = healthSchema.safeParse(await runNodeOperation(run, id, operations.checkStatus));
  if (!parsed.success) return { healthy: true };
  const { facts, ...health } = parsed.data;
  return facts === undefined ? health : { ...health, facts };
}
