import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { failure } from '../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject, jsonSchema } from '../contracts/json.ts';
import { reasonOf } from '../contracts/reason.ts';

/**
 * Blueprint inputs as the command line gives them: `key=value`, the value read as YAML, or a YAML or JSON
 * file. Later ones win. Fails as InvalidInput.
 */
export async function readInputs(given: readonly string[]): Promise<JsonObject> {
  const parts = await Promise.all(given.map(readPart));
  return parts.reduce((all, part) => ({ ...all, ...part }), {});
}

async function readPart(part: string): Promise<JsonObject> {
  const [, name, value] = /^([\w.-]+)=(.*)$/s.exec(part) ?? [];
  if (name !== undefined && value !== undefined) return { [name]: parsed(value, `the input ${name}`) };
  const inputs = parsed(await readText(part), part);
  if (!isJsonObject(inputs)) throw failure('InvalidInput', `${part} must be a mapping of inputs to values.`);
  return inputs;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw failure('InvalidInput', `${path} is neither key=value nor a file that can be read.`, {
      cause: error,
    });
  }
}

function parsed(text: string, what: string): Json {
  try {
    return jsonSchema.parse(parse(text));
  } catch (error) {
    const reason = reasonOf(error);
    throw failure('InvalidInput', `${what} is not valid YAML: ${reason}`, { cause: error });
  }
}
