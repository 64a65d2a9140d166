import { readFile } from 'node:fs/promises';
import { failure } from '../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../contracts/json.ts';

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
  if (name !== undefined && value !== undefined) return { [name]: await parsed(value, `the input ${name}`) };
  const inputs = await parsed(await readText(part), part);
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

/** Most commands are given none, and start sooner without what reads them. */
async function parsed(text: string, what: string): Promise<Json> {
  const { parseInput } = await import('./parse-input.ts');
  return parseInput(text, what);
}
