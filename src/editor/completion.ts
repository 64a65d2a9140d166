import { functionTable } from '../language/functions/names.ts';
import { newestVersion } from '../language/sections/version.ts';
import type { Schema } from '../language/sections/schema.ts';
import { callAround, isFunction } from './calls.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { argumentCandidates } from './completion-arguments.ts';
import { functionHelp } from './grammar/functions.ts';
import { alternatives, shapesAt } from './grammar/walk.ts';
import type { Shape } from './grammar/shape.ts';
import { isSchema, keysOf, type Known, type Knowledge, namesOf, schemaAt } from './knowledge.ts';

export type CompletionKind =
  | 'keyword'
  | 'property'
  | 'type'
  | 'name'
  | 'value'
  | 'function'
  | 'file'
  | 'operation';
export type Candidate = {
  readonly label: string;
  readonly kind: CompletionKind;
  readonly detail: string | null;
  readonly description: string | null;
  /** What is written in place of the word; `$1` and so on are places to fill in. */
  readonly insert: string;
};
/** `start`, `end`: the word that is replaced, as offsets. */
export type Completions = {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly Candidate[];
};

/** What may be written at a place of a file, however unfinished the file is. */
export function complete(text: string, offset: number, knowledge: Knowledge): Completions | null {
  const cursor = cursorAt(text, offset);
  if (cursor === null) return null;
  const { start, end } = cursor;
  const all = candidatesAt(cursor, knowledge).filter(({ label }) => !cursor.siblings.includes(label));
  const candidates = [...new Map(all.map((one) => [`${one.kind} ${one.label}`, one])).values()];
  return { start, end, candidates };
}

function candidatesAt(cursor: Cursor, knowledge: Knowledge): readonly Candidate[] {
  const shapes = shapesAt(cursor.path);
  if (cursor.role === 'key') return shapes.flatMap((shape) => keyCandidates(shape, cursor, knowledge));
  const called = callAround(cursor.path, shapes);
  if (called !== null) return argumentCandidates(called, cursor, knowledge);
  return shapes.flatMap((shape) => valueCandidates(shape, cursor, knowledge));
}

/** Where a key is typed: in a map, or on a line of its own where a value goes. */
function keyCandidates(shape: Shape, cursor: Cursor, knowledge: Knowledge): readonly Candidate[] {
  switch (shape.kind) {
    case 'fields':
      return Object.entries(shape.fields).map(([label, { shape: inner, description, required }]) => ({
        label,
        kind: 'keyword',
        detail: required ? 'required' : null,
        description,
        insert: cursor.hasValue ? label : label + opening(inner),
      }));
    case 'table':
      if (shape.keys === null) return [];
      return keysOf(shape.keys, cursor, knowledge).map((one) => memberCandidate(one, shape.of, cursor));
    case 'list':
      return alternatives(shape.of)
        .flatMap((inner) => itemCandidates(inner, cursor, knowledge))
        .map((one) => ({ ...one, insert: `- ${one.insert}` }));
    case 'value':
      return [...nestedCandidates(cursor, knowledge), ...functionCandidates(cursor, knowledge)];
    default:
      return cursor.hasValue ? [] : valueCandidates(shape, cursor, knowledge);
  }
}

function itemCandidates(shape: Shape, cursor: Cursor, knowledge: Knowledge): readonly Candidate[] {
  return shape.kind === 'fields'
    ? keyCandidates(shape, cursor, knowledge)
    : valueCandidates(shape, cursor, knowledge);
}

function valueCandidates(shape: Shape, cursor: Cursor, knowledge: Knowledge): readonly Candidate[] {
  switch (shape.kind) {
    case 'name':
      return namesOf(shape.of, knowledge).map((known) => knownCandidate(known, shape.of.endsWith('type')));
    case 'choice':
      return shape.values.map((one) => plain(one));
    case 'boolean':
      return ['true', 'false'].map((one) => plain(one));
    case 'fields':
      // Behind the dash of a list.
      return typeof cursor.path.at(-1) === 'number' ? keyCandidates(shape, cursor, knowledge) : [];
    case 'value':
      return [
        ...(schemaAt(cursor, knowledge)?.type?.text === 'boolean'
          ? ['true', 'false'].map((one) => plain(one))
          : []),
        ...functionCandidates(cursor, knowledge).map((one) => ({ ...one, insert: `{ ${one.insert} }` })),
      ];
    default:
      return [];
  }
}

export function plain(label: string, kind: CompletionKind = 'value'): Candidate {
  return { label, kind, detail: null, description: null, insert: label };
}

export function knownCandidate(known: Known, isType = false): Candidate {
  const { name, detail, description } = known;
  const isFile = ['import', 'script'].includes(detail);
  const kind = isFile ? 'file' : isType ? 'type' : detail === 'operation of a plugin' ? 'operation' : 'name';
  return { label: name, kind, detail, description, insert: name };
}

function memberCandidate(one: Known | Schema, of: Shape, { hasValue }: Cursor): Candidate {
  const insert = hasValue ? one.name : one.name + opening(of);
  if (!isSchema(one)) {
    return { label: one.name, kind: 'operation', detail: one.detail, description: one.description, insert };
  }
  return schemaCandidate(one, insert);
}

function schemaCandidate(schema: Schema, insert: string): Candidate {
  const { name, type, required, description } = schema;
  const must = required && schema.default === null ? ', required' : '';
  return { label: name, kind: 'property', detail: `${type?.text ?? 'any'}${must}`, description, insert };
}

/** Properties of the data type that a value is of. */
function nestedCandidates(cursor: Cursor, knowledge: Knowledge): readonly Candidate[] {
  const type = schemaAt(cursor, knowledge)?.type?.text ?? '';
  const properties = knowledge.model?.types.dataTypes.get(type)?.properties.values() ?? [];
  return [...properties].map((one) => schemaCandidate(one, cursor.hasValue ? one.name : `${one.name}: $0`));
}

function functionCandidates({ siblings, hasValue }: Cursor, { model }: Knowledge): readonly Candidate[] {
  if (siblings.length > 0) return [];
  const version = model?.version ?? newestVersion;
  return Object.entries(functionHelp)
    .filter(([name]) => isFunction(name) && functionTable[name].since <= version)
    .map(([label, { form, description }]) => ({
      label,
      kind: 'function',
      detail: 'function',
      description,
      insert: hasValue ? label : `${label}: ${form}`,
    }));
}

/** What goes behind a key, so that its value can be typed at once. */
function opening(shape: Shape): string {
  const [first] = alternatives(shape);
  if (first?.kind === 'list') return ':\n  - $0';
  return first?.kind === 'fields' || first?.kind === 'table' ? ':\n  $0' : ': $0';
}
