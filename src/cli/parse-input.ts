import { parse } from 'yaml';
import { failure } from '../contracts/failure.ts';
import type { Json } from '../contracts/json.ts';
import { jsonSchema } from '../contracts/json-schemas.ts';
import { reasonOf } from '../contracts/reason.ts';

/** A value in YAML. Fails as InvalidInput, telling that it is the one of `what`. */
export function parseInput(text: string, what: string): Json {
  try {
    return jsonSchema.parse(parse(text));
  } catch (error) {
    throw failure('InvalidInput', `${what} is not valid YAML: ${reasonOf(error)}`, { cause: error });
  }
}
