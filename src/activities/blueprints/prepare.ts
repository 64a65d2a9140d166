import { failure } from '../../contracts/failure.ts';
import type { PreparedBlueprint } from '../../contracts/activities.ts';
import type { Diagnostic } from '../../contracts/diagnostic.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { Plan, PlanNode } from '../../contracts/plan.ts';
import { compile } from '../../language/index.ts';
import { atOnce } from '../at-once.ts';
import type { BlueprintStore } from '../../store/blueprints.ts';
import type { Announcements } from '../deployments/kept.ts';
import type { ValueStore } from '../../store/values.ts';
import { blueprintFiles } from './catalogue.ts';
import { folderInStore } from './stored-folder.ts';

export type BlueprintCompiler = (
  path: string,
  inputs: JsonObject,
  /** Told what is kept before it is. */
  announce: Announcements,
) => Promise<PreparedBlueprint>;

type CompilerOptions = {
  readonly blueprints: BlueprintStore;
  readonly values: ValueStore;
  /** Folder of plugins of one's own; null: there is none. */
  readonly plugins: string | null;
  /** Whether the engine or a worker does operations of this implementation. */
  readonly offers: (implementation: string) => boolean;
};

/** Keeps a copy of the blueprint’s folder, compiles it from there, and keeps the plan. */
export function createCompiler({ blueprints, values, plugins, offers }: CompilerOptions): BlueprintCompiler {
  return (path, inputs, announce) =>
    atOnce(['StoreFailed', 'Internal'], () => prepare(path, inputs, announce));

  async function prepare(
    path: string,
    inputs: JsonObject,
    announce: Announcements,
  ): Promise<PreparedBlueprint> {
    const { reference, main } = await blueprints.put(path, announce.blueprint);
    const { load, exists } = blueprintFiles(folderInStore(blueprints, reference), plugins);
    const { plan, diagnostics } = await compile({ main, load, exists, inputs });
    if (plan === null) throw invalid(path, diagnostics);
    refuseUnknownOperations(path, plan, offers);
    const planReference = await values.put(plan, announce.plan);
    return { blueprint: { reference, main, path }, plan, planReference };
  }
}

function refuseUnknownOperations(
  path: string,
  plan: Plan,
  offers: (implementation: string) => boolean,
): void {
  const unknown = operationsOf(plan).filter(({ implementation }) => !offers(implementation));
  if (unknown.length === 0) return;
  const lines = unknown.map(
    ({ where, implementation }) => `${where}: ${implementation}${whyNever(implementation)}`,
  );
  throw failure(
    'OperationUnknown',
    `The blueprint ${path} uses operations that no plugin of the worker offers.\n${lines.join('\n')}`,
  );
}

/** Of what Cloudify has and Braid does not. */
function whyNever(implementation: string): string {
  return /^fabric\..*\.run_(module_)?task$/.test(implementation)
    ? ' (a Python function that would run in the worker; put what it does into a script, and use run_script)'
    : '';
}

function operationsOf({
  nodes,
}: Plan): readonly { readonly where: string; readonly implementation: string }[] {
  return Object.values(nodes).flatMap(({ name, operations, relationships }) => [
    ...named(name, operations),
    ...relationships.flatMap(({ target, sourceOperations, targetOperations }) => [
      ...named(`${name} → ${target}`, sourceOperations),
      ...named(`${name} → ${target}`, targetOperations),
    ]),
  ]);
}

function named(whose: string, operations: PlanNode['operations']) {
  return Object.entries(operations).map(([operation, { implementation }]) => ({
    where: `${whose}, ${operation}`,
    implementation,
  }));
}

/** More would be too large to be told; `braid validate` shows all. */
const most = 50;

function invalid(path: string, diagnostics: readonly Diagnostic[]): Error {
  const { error: errors = [], warning: warnings = [] } = Object.groupBy(diagnostics, (one) => one.severity);
  const lines = errors
    .slice(0, most)
    .map(
      ({ file, line, column, code, message, hint }) =>
        `${file}:${line}:${column}: ${code}: ${message}${hint === null ? '' : ` ${hint}`}`,
    );
  if (errors.length > most) lines.push(`… and ${errors.length - most} more.`);
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  return failure('BlueprintInvalid', `The blueprint ${path} has ${count}.\n${lines.join('\n')}`, {
    details: { diagnostics: [...errors, ...warnings].slice(0, most).map(asJson) },
  });
}

function asJson({ importedFrom, types, ...rest }: Diagnostic): JsonObject {
  return {
    ...rest,
    importedFrom: importedFrom.map((place) => ({ ...place })),
    types: types.map((type) => ({ ...type })),
  };
}
