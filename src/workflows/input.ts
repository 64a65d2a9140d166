import type { z } from 'zod';
import { failure } from '../contracts/failure.ts';
import { deepestJson, isTooDeep } from '../contracts/json.ts';
import { isUndecodable } from '../contracts/undecodable.ts';

/** The one JSON object that a workflow takes. Fails as InvalidInput, telling path and problem of each field. */
export function parseInput<Schema extends z.ZodType>(
  workflow: string,
  schema: Schema,
  args: readonly unknown[],
): z.infer<Schema> {
  const [input] = args;
  if (args.length !== 1) {
    throw failure(
      'InvalidInput',
      `${workflow} takes exactly one JSON object as its input, and got ${args.length === 0 ? 'none' : args.length}.`,
    );
  }
  if (isUndecodable(input)) {
    throw failure('InvalidInput', `The input of ${workflow} could not be decoded: ${input.undecodable}`);
  }
  if (isTooDeep(input)) {
    throw failure('InvalidInput', `The input of ${workflow} is nested deeper than ${deepestJson} levels.`);
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const lines = problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  throw failure('InvalidInput', `The input of ${workflow} is not valid. ${lines.join('; ')}`, {
    details: { problems },
  });
}
