import type { Diagnostic } from '../contracts/diagnostic.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { Plan } from '../contracts/plan.ts';
import { createReporter, type Reporter } from './diagnostics/reporter.ts';
import { type Load, type LoadedFile, loadFiles } from './load.ts';
import type { Model } from './model.ts';
import { bindInputs } from './plan/bind-inputs.ts';
import { buildPlan } from './plan/build.ts';
import { checkConnections } from './plan/check-connections.ts';
import { checkSecrets, type Secrets } from './plan/check-secrets.ts';
import { checkValues } from './plan/check-values.ts';
import { type Draft, draftNodes } from './plan/draft.ts';
import { checkGraph } from './plan/graph.ts';
import { checkGroups } from './plan/groups.ts';
import { findScripts } from './plan/scripts.ts';
import {
  staticEvaluation,
  type StaticEvaluator,
  type StaticScope,
  type StaticValues,
} from './plan/static.ts';
import { checkWorkflows } from './plan/workflows.ts';
import { type Blueprint, mergeFiles } from './sections/blueprint.ts';
import { type Context, recalled } from './sections/context.ts';
import { readSections } from './sections/file-sections.ts';
import type { InstancesTemplate } from './sections/scalable.ts';
import { applyProperties } from './sections/import-properties.ts';
import { newestVersion } from './sections/version.ts';
import { type Memory, noMemory } from './source/memory.ts';
import { type Node, toJson } from './source/node.ts';
import { sourceFile, startOf } from './source/place.ts';
import { resolveTypes } from './types/resolve.ts';

export type CompileOptions = {
  /** As `load` knows it: a path in the blueprint's folder. */
  readonly main: string;
  readonly load: Load;
  /** Whether a path is a file of the blueprint, as a script is. Default: whether `load` finds it. */
  readonly exists?: (path: string) => Promise<boolean>;
  /** Null: only validate; inputs without a value are no error then, and what reads them stays a function. */
  readonly inputs: JsonObject | null;
  /** When functions of inputs and properties are evaluated. `runtime`: only where they are used. Default: `plan` */
  readonly evaluation?: 'plan' | 'runtime';
  /** Whether a text given for a number or a boolean becomes one. Default: false */
  readonly correctTypes?: boolean;
  /** Whether what the blueprint's DSL version does not have yet is an error. Default: true */
  readonly checkVersions?: boolean;
  /**
   * Whether what Cloudify's parser refuses although it makes sense is an error, and values are those that it
   * makes. Default: false
   */
  readonly compat?: boolean;
  /** Whether warnings are errors. Default: false */
  readonly strict?: boolean;
  /** Which secrets there are. Default: not asked, since only an activity reads them. */
  readonly secrets?: Secrets;
  /**
   * What earlier compiles of the same files with the same options leave for this one. What these gave is of
   * use no more once this one begins. Default: everything is read anew.
   */
  readonly memory?: Memory;
};
export type Compiled = {
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
  /** What was read, for tools; null when there is no main file. It may be incomplete where there are errors. */
  readonly model: Model | null;
};

/** Reads a blueprint and makes its plan. The plan is null if and only if a diagnostic is an error. */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const reporter = createReporter(options.strict);
  try {
    return await compileFiles(options, reporter);
  } catch (error) {
    // The stack ends where values lead to values too deeply; whatever else is wrong is not the blueprint's.
    if (!(error instanceof RangeError)) throw error;
    const message = 'The blueprint nests or refers to values too deeply to be understood.';
    reporter.report('too-deep', startOf(sourceFile(options.main, 0, '', false)), message);
    return { plan: null, diagnostics: reporter.diagnostics(), model: null };
  }
}

async function compileFiles(options: CompileOptions, reporter: Reporter): Promise<Compiled> {
  const { checkVersions = true, compat = false, memory = noMemory } = options;
  const { files, blueprints } = await loadFiles(
    options.main,
    options.load,
    { compat, checksVersions: checkVersions },
    reporter,
    memory,
  );
  const [main] = files;
  if (main === undefined) return { plan: null, diagnostics: reporter.diagnostics(), model: null };

  const version = main.version ?? newestVersion;
  const context: Context = { reporter, version, checksVersions: checkVersions, compat, memory };
  const blueprint = mergeFiles(
    files.map((file) => readFileSections(file, context)),
    context,
  );
  const { nodeTypes, dataTypes, relationships, inputs: schemas } = blueprint;
  const types = recalled('types', [nodeTypes, dataTypes, relationships, schemas], context, (inner) =>
    resolveTypes(blueprint, inner),
  );
  const draft = draftNodes(blueprint, types, context);
  checkGraph(draft, options.inputs !== null, context);
  checkGroups(blueprint, types, draft, context);
  checkValues(blueprint, draft, context);

  const scripts = await findScripts(blueprint, draft, options.exists ?? existsBy(options.load));
  const resolver = { plugins: blueprint.plugins, scripts, blueprints, context };
  const workflows = checkWorkflows(blueprint, resolver);
  const inputs = bindInputs({
    schemas: blueprint.inputs,
    given: options.inputs,
    correctTypes: options.correctTypes ?? false,
    dataTypes: types.dataTypes,
    top: startOf(main.root.at.file),
    context,
  });
  const values: StaticValues = {
    input: (name) => inputs.get(name),
    hasInput: (name) => blueprint.inputs.has(name),
    bound: options.inputs !== null,
    property: (node, name) => draft.get(node)?.properties.get(name),
    hasNode: (name) => draft.has(name),
    node: (name) => draft.get(name),
  };
  const evaluation = staticEvaluation(values, context);
  const evaluate = options.evaluation === 'runtime' ? checkOnly(values, context) : evaluation.evaluate;
  const planning = { ...evaluation, evaluate };
  const plan = buildPlan({ blueprint, draft, inputs, evaluation: planning, resolver, context });
  if (options.inputs !== null) {
    const beside = valuesBeside(blueprint, draft).map(({ value, scope }) => toJson(evaluate(value, scope)));
    checkConnections(plan, draft, context);
    await checkSecrets(plan, beside, options.secrets, startOf(main.root.at.file), context);
  }
  const model = {
    version,
    blueprint,
    types,
    draft,
    inputs,
    resolver,
    workflows,
    evaluate: evaluation.evaluate,
    blueprints,
  };
  return { plan: reporter.failed() ? null : plan, diagnostics: reporter.diagnostics(), model };
}

/** Leaves functions as they are, but tells what is wrong with them whatever the inputs will be. */
function checkOnly(values: StaticValues, context: Context): StaticEvaluator {
  const { evaluate } = staticEvaluation({ ...values, bound: false }, context);
  return (value, scope) => {
    evaluate(value, scope);
    return value;
  };
}

/** What is computed with the plan although it is no part of it: its functions may be wrong too. */
function valuesBeside(
  { labels, deploymentSettings, policies }: Blueprint,
  draft: Draft,
): readonly { readonly value: Node; readonly scope: StaticScope }[] {
  const settings = deploymentSettings?.body ?? null;
  const beside = [
    settings,
    ...[...labels.values()].flatMap((label) => label.values),
    ...[...policies.values()].flatMap(({ instances }) => numbersOf(instances)),
  ];
  const ofNodes = [...draft.values()].flatMap(({ template }) =>
    numbersOf(template.instances).map((value) => ({ value, scope: { SELF: template.name } })),
  );
  const values = [...beside.map((value) => ({ value, scope: {} })), ...ofNodes];
  return values.flatMap(({ value, scope }) => (value === null ? [] : [{ value, scope }]));
}

function numbersOf(instances: InstancesTemplate): readonly (Node | null)[] {
  return [instances.default, instances.min, instances.max];
}

function readFileSections(file: LoadedFile, context: Context) {
  const sections = readSections(file.root, context);
  return { ...sections, plugins: applyProperties(sections.plugins, file.properties, context) };
}

function existsBy(load: Load) {
  return async (path: string): Promise<boolean> => 'text' in (await load(path, null));
}
