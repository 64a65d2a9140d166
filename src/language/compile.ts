import type { Diagnostic } from '../contracts/diagnostic.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { Plan } from '../contracts/plan.ts';
import { createReporter } from './diagnostics/reporter.ts';
import { type Load, loadFiles } from './load.ts';
import { bindInputs } from './plan/bind-inputs.ts';
import { buildPlan } from './plan/build.ts';
import { checkValues } from './plan/check-values.ts';
import { type Draft, draftNodes } from './plan/draft.ts';
import { checkGraph } from './plan/graph.ts';
import { checkGroups } from './plan/groups.ts';
import { possiblePaths } from './plan/implementations.ts';
import { mergeFiles } from './sections/blueprint.ts';
import type { Context } from './sections/context.ts';
import { readSections } from './sections/file-sections.ts';
import { newestVersion } from './sections/version.ts';
import { startOf } from './source/place.ts';
import type { Operation } from './types/merge-operation.ts';
import { resolveTypes } from './types/resolve.ts';

export type CompileOptions = {
  /** As `load` knows it: a path in the blueprint's folder. */
  readonly main: string;
  readonly load: Load;
  /** Whether a path is a file of the blueprint, as a script is. Default: whether `load` finds it. */
  readonly exists?: (path: string) => Promise<boolean>;
  /** Null: only validate; inputs without a value are no error then, and what reads them stays a function. */
  readonly inputs: JsonObject | null;
};
export type Compiled = { readonly plan: Plan | null; readonly diagnostics: readonly Diagnostic[] };

/** Reads a blueprint and makes its plan. The plan is null if and only if a diagnostic is an error. */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const reporter = createReporter();
  const files = await loadFiles(options.main, options.load, reporter);
  const [main] = files;
  if (main === undefined) return { plan: null, diagnostics: reporter.diagnostics() };

  const context: Context = { reporter, version: main.version ?? newestVersion };
  const blueprint = mergeFiles(
    files.map((file) => readSections(file.root, context)),
    context,
  );
  const types = resolveTypes(blueprint, context);
  const draft = draftNodes(blueprint, types, context);
  checkGraph(draft, context);
  checkGroups(blueprint, types, draft, context);
  checkValues(blueprint, draft, context);

  const scripts = await findScripts(draft, options);
  const inputs = bindInputs(
    blueprint.inputs,
    options.inputs,
    types.dataTypes,
    startOf(main.root.at.file),
    context,
  );
  const resolver = { plugins: blueprint.plugins, scripts, context };
  const plan = buildPlan({ blueprint, draft, inputs, resolver, context });
  return { plan: reporter.failed() ? null : plan, diagnostics: reporter.diagnostics() };
}

/** Which implementations are files of the blueprint; each is asked for once. */
async function findScripts(draft: Draft, { exists, load }: CompileOptions): Promise<ReadonlySet<string>> {
  const isFile = exists ?? (async (path: string) => 'text' in (await load(path, null)));
  const found = new Set<string>();
  const paths = new Set([...operationsOf(draft)].flatMap((one) => possiblePaths(one.implementation.text)));
  for (const path of paths) if (await isFile(path)) found.add(path);
  return found;
}

function* operationsOf(draft: Draft): Generator<Operation> {
  for (const node of draft.values()) {
    yield* node.operations;
    for (const relationship of node.relationships) {
      yield* relationship.sourceOperations;
      yield* relationship.targetOperations;
    }
  }
}
