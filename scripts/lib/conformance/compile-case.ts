import { normalize } from 'node:path/posix';
import { isJsonObject, type JsonObject } from '../../../src/contracts/json.ts';
import { catalogueName, readCatalogue } from '../../../src/activities/blueprints/catalogue.ts';
import { compile, type Compiled, type Load } from '../../../src/language/index.ts';
import type { Case } from './case.ts';

/** Compiles the blueprint of a case. `inputs` null: only parse it. */
export function compileCase(one: Case, inputs: JsonObject | null): Promise<Compiled> {
  const main = one.main_file ?? 'main.yaml';
  const { options = {} } = one;
  return compile({
    main,
    load: loadOf(one, main),
    exists: async (path) => Object.hasOwn(one.files ?? {}, path),
    inputs,
    evaluation: options.runtime_only_evaluation === true ? 'runtime' : 'plan',
    correctTypes: options.auto_correct_types ?? false,
    checkVersions: options.validate_version ?? true,
    compat: true,
    secrets: secretsOf(one),
  });
}

function secretsOf({ options, storage }: Case) {
  const { secrets } = options ?? {};
  if (secrets === undefined) return storage === undefined ? 'unsupported' : undefined;
  if (isJsonObject(secrets)) return async (name: string) => Object.hasOwn(secrets, name);
  if (Array.isArray(secrets)) return async (name: string) => secrets.includes(name);
  return async () => true;
}

function loadOf({ yaml, files = {}, blueprints = {} }: Case, main: string): Load {
  return async (location, importedFrom) => {
    if (importedFrom === null && location === main) return { file: main, text: yaml ?? '' };
    const path = location.includes(':') ? location : normalize(location);
    for (const table of [files, blueprints]) {
      const text = Object.hasOwn(table, path) ? table[path] : undefined;
      if (text !== undefined) return { file: path, text };
    }
    const shipped = catalogueName(location);
    if (shipped === null) return { reason: 'the case has no such file.' };
    return { file: shipped, text: await readCatalogue(shipped), catalogue: true };
  };
}
