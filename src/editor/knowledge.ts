import type { Model } from '../language/index.ts';
import type { Operations } from '../language/sections/operations.ts';
import type { Schema } from '../language/sections/schema.ts';
import type { Node } from '../language/source/node.ts';
import type { Place } from '../language/source/place.ts';
import { basicTypes } from '../language/types/basic-types.ts';
import type { Resolved, ResolvedNodeType, ResolvedRelationship } from '../language/types/resolve.ts';
import type { Cursor } from './cursor.ts';
import type { KeysOf, NameOf } from './grammar/shape.ts';
import type { Path } from './grammar/walk.ts';

/** What features know beside the text: the blueprint as it was last understood, and what can be imported. */
export type Knowledge = {
  readonly model: Model | null;
  /** What `imports` may name: the catalogue, and files of the folder. */
  readonly imports: readonly string[];
  /** Files that may be scripts. */
  readonly scripts: readonly string[];
};

/** Something with a name, as lists of suggestions and explanations show it. */
export type Known = {
  readonly name: string;
  /** A word or two: its type, or what it is. */
  readonly detail: string;
  readonly description: string | null;
  readonly at: Place | null;
};

export function namesOf(of: NameOf, { model, imports, scripts }: Knowledge): readonly Known[] {
  if (of === 'import') return imports.map((name) => bare(name, 'import'));
  if (model === null) return of === 'schema type' ? basicTypes.map((name) => bare(name, 'basic type')) : [];
  const { blueprint } = model;
  switch (of) {
    case 'node type':
      return typesOf(blueprint.nodeTypes, 'node type');
    case 'relationship type':
      return typesOf(blueprint.relationships, 'relationship type');
    case 'data type':
      return typesOf(blueprint.dataTypes, 'data type');
    case 'schema type':
      return [
        ...basicTypes.map((name) => bare(name, 'basic type')),
        ...typesOf(blueprint.dataTypes, 'data type'),
      ];
    case 'node':
      return nodesOf(model);
    case 'group':
      return groupsOf(model);
    case 'group member':
      return [...nodesOf(model), ...groupsOf(model)];
    case 'policy type':
      return [...blueprint.policyTypes.values()].map(({ name, at }) => ({
        ...bare(name, 'policy type'),
        at,
      }));
    case 'trigger type':
      return [...blueprint.policyTriggers.values()].map(({ name, at }) => ({
        ...bare(name, 'trigger type'),
        at,
      }));
    default:
      return [...implementationsOf(model), ...scripts.map((name) => bare(name, 'script'))];
  }
}

function bare(name: string, detail: string): Known {
  return { name, detail, description: null, at: null };
}

type Definition = { readonly name: string; readonly at: Place; readonly body: Node };

function typesOf(table: ReadonlyMap<string, Definition>, detail: string): readonly Known[] {
  return [...table.values()].map(({ name, at, body }) => ({
    name,
    at,
    detail,
    description: descriptionOf(body),
  }));
}

/** The `description` that a definition has. */
export function descriptionOf(body: Node): string | null {
  const found = body.kind === 'map' ? body.entries.get('description')?.value : undefined;
  return found?.kind === 'scalar' && typeof found.value === 'string' ? found.value.trim() : null;
}

function nodesOf(model: Model): readonly Known[] {
  return [...model.blueprint.nodeTemplates.values()].map(({ name, at, type }) => ({
    ...bare(name, type?.text ?? 'node'),
    at,
  }));
}

function groupsOf(model: Model): readonly Known[] {
  return [...model.blueprint.groups.values()].map(({ name, at }) => ({ ...bare(name, 'group'), at }));
}

/** Operations of plugins, as the types that are known name them. */
function implementationsOf(model: Model): readonly Known[] {
  const names = new Set<string>();
  for (const { operations } of model.types.nodeTypes.values()) collect(operations, names);
  for (const type of model.types.relationships.values()) {
    collect(type.sourceOperations, names);
    collect(type.targetOperations, names);
  }
  return [...names].map((name) => bare(name, 'operation of a plugin'));
}

function collect(operations: Operations<Schema>, names: Set<string>): void {
  for (const { implementation } of operations.values()) {
    if (implementation !== null && implementation.text !== '') names.add(implementation.text);
  }
}

export function inputsOf({ model }: Knowledge): ReadonlyMap<string, Schema> {
  return model?.blueprint.inputs ?? new Map();
}

/** The type of the node or relationship around a place, as the text has it right now. */
function ownerOf(
  { path, textAt }: Cursor,
  { model }: Knowledge,
): ResolvedNodeType | ResolvedRelationship | null {
  const [section, , inside, index] = path;
  if (model === null) return null;
  if (section === 'node_types') return model.types.nodeTypes.get(String(path[1])) ?? null;
  if (section === 'relationships') return model.types.relationships.get(String(path[1])) ?? null;
  if (section !== 'node_templates') return null;
  if (inside === 'relationships' && typeof index === 'number') {
    return model.types.relationships.get(textAt([...path.slice(0, 4), 'type']) ?? '') ?? null;
  }
  return model.types.nodeTypes.get(textAt([...path.slice(0, 2), 'type']) ?? '') ?? null;
}

/** The schemas of a node by its name, for the functions that read its properties. */
export function propertiesOfNode(
  name: string,
  cursor: Cursor,
  { model }: Knowledge,
): ReadonlyMap<string, Schema> {
  if (model === null) return new Map();
  const type = ['SELF', 'SOURCE'].includes(name)
    ? cursor.textAt([...cursor.path.slice(0, 2), 'type'])
    : name === 'TARGET'
      ? typeOfNode(cursor.textAt([...cursor.path.slice(0, 4), 'target']) ?? '', model)
      : typeOfNode(name, model);
  return model.types.nodeTypes.get(type ?? '')?.properties ?? new Map();
}

function typeOfNode(name: string, model: Model): string | null {
  return model.blueprint.nodeTemplates.get(name)?.type?.text ?? null;
}

/** The schemas, or the interfaces or operations, whose names a table may have as keys. */
export function keysOf(keys: KeysOf, cursor: Cursor, knowledge: Knowledge): readonly (Known | Schema)[] {
  const owner = ownerOf(cursor, knowledge);
  switch (keys) {
    case 'node properties':
    case 'relationship properties':
      return [...(owner?.properties.values() ?? [])];
    case 'policy properties': {
      const type = cursor.textAt([...cursor.path.slice(0, -1), 'type']);
      return [...(knowledge.model?.blueprint.policyTypes.get(type ?? '')?.schemas.values() ?? [])];
    }
    case 'interfaces':
      return interfacesOf(operationsOf(cursor.path, owner));
    case 'operations': {
      const prefix = `${String(cursor.path.at(-1))}.`;
      return [...operationsOf(cursor.path, owner).values()]
        .filter(({ name }) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.'))
        .map(({ name, at, implementation }) => ({
          name: name.slice(prefix.length),
          at,
          detail:
            implementation?.text === undefined || implementation.text === ''
              ? 'no implementation'
              : implementation.text,
          description: null,
        }));
    }
    default: {
      const [name, operation] = cursor.path.slice(-3, -1);
      return [...(operationsOf(cursor.path, owner).get(`${name}.${operation}`)?.inputs.values() ?? [])];
    }
  }
}

function operationsOf(path: Path, owner: Resolved | null): Operations<Schema> {
  if (owner === null) return new Map();
  const merged = owner as Partial<ResolvedNodeType & ResolvedRelationship>;
  if (path.includes('source_interfaces')) return merged.sourceOperations ?? new Map();
  if (path.includes('target_interfaces')) return merged.targetOperations ?? new Map();
  return merged.operations ?? new Map();
}

function interfacesOf(operations: Operations<Schema>): readonly Known[] {
  const names = [...operations.keys()].map((name) => name.slice(0, name.lastIndexOf('.')));
  return [...new Set(names)].map((name) => bare(name, 'interface'));
}

/** The schema of the value at a path inside the properties or inputs, through data types. */
export function schemaAt(cursor: Cursor, knowledge: Knowledge): Schema | null {
  const start = valuesStart(cursor.path);
  if (start === null) return null;
  const [first, ...rest] = cursor.path.slice(start.index + 1).filter((step) => typeof step === 'string');
  const table = keysOf(start.keys, { ...cursor, path: cursor.path.slice(0, start.index + 1) }, knowledge);
  let schema = table.filter(isSchema).find(({ name }) => name === first) ?? null;
  for (const step of rest) {
    const type = knowledge.model?.types.dataTypes.get(schema?.type?.text ?? '');
    schema = type?.properties.get(step) ?? null;
  }
  return schema;
}

export function isSchema(one: Known | Schema): one is Schema {
  return 'required' in one;
}

/** Where the values begin that a path leads into, and whose they are. */
function valuesStart(path: Path): { readonly index: number; readonly keys: KeysOf } | null {
  if (path[0] !== 'node_templates') return null;
  const inputs = path.lastIndexOf('inputs');
  if (inputs > 4 && path.some((step) => String(step).endsWith('interfaces'))) {
    return { index: inputs, keys: 'operation inputs' };
  }
  if (path[2] === 'properties') return { index: 2, keys: 'node properties' };
  const inRelationship = path[2] === 'relationships' && path[4] === 'properties';
  return inRelationship ? { index: 4, keys: 'relationship properties' } : null;
}
