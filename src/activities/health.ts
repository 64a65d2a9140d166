import type { JsonObject } from '../contracts/json.ts';
import type { OperationResult } from '../contracts/operation.ts';

/** The result of a check that found all well. */
export function healthy(facts: JsonObject = {}): OperationResult {
  return { result: { healthy: true, facts } };
}

/** The result of a check that found something wrong: one sentence for people. */
export function unhealthy(reason: string, facts: JsonObject = {}): OperationResult {
  return { result: { healthy: false, reason, facts } };
}
