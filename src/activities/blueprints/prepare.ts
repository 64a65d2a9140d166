import { failure } from '../../contracts/failure.ts';
import type { PreparedBlueprint } from '../../contracts/activities.ts';
import type { Diagnostic } from '../../contracts/diagnostic.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { compile } from '../../language/index.ts';
import type { BlueprintStore } from '../../store/blueprints.ts';
import type { ValueStore } from '../../store/values.ts';
import { blueprintFiles } from './catalogue.ts';

export type BlueprintCompiler = (path: string, inputs: JsonObject) => Promise<PreparedBlueprint>;

type Stores = { readonly blueprints: BlueprintStore; readonly values: ValueStore };

/** Keeps a copy of the blueprint’s folder, compiles it from there, and keeps the plan. */
export function createCompiler({ blueprints, values }: Stores): BlueprintCompiler {
  return async (path, inputs) => {
    const { reference, main } = await blueprints.put(path);
    const { load, exists } = blueprintFiles(blueprints.folder(reference));
    const { plan, diagnostics } = await compile({ main, load, exists, inputs });
    if (plan === null) throw invalid(path, diagnostics);
    const planReference = await values.put(plan);
    return { blueprint: { reference, main, path }, plan, planReference };
  };
}

function invalid(path: string, diagnostics: readonly Diagnostic[]): Error {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const lines = errors.map(
    ({ file, line, column, code, message, hint }) =>
      `${file}:${line}:${column}: ${code}: ${message}${hint === null ? '' : ` ${hint}`}`,
  );
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  return failure('BlueprintInvalid', `The blueprint ${path} has ${count}.\n${lines.join('\n')}`, {
    details: { diagnostics: diagnostics.map((each) => ({ ...each })) },
  });
}
