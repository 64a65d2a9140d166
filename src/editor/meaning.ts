import type { FunctionName } from '../language/functions/names.ts';
import type { Schema } from '../language/sections/schema.ts';
import { isBasicType } from '../language/types/basic-types.ts';
import type { Cursor } from './cursor.ts';
import { callAround, isFunction } from './calls.ts';
import type { Field, NameOf, Shape } from './grammar/shape.ts';
import { type Path, shapesAt } from './grammar/walk.ts';
import {
  inputsOf,
  isSchema,
  keysOf,
  type Known,
  type Knowledge,
  namesOf,
  propertiesOfNode,
  schemaAt,
} from './knowledge.ts';

/** What a word of a blueprint stands for. */
export type Meaning =
  | { readonly kind: 'keyword'; readonly name: string; readonly field: Field }
  | { readonly kind: 'known'; readonly known: Known }
  | { readonly kind: 'node type' | 'relationship type' | 'data type'; readonly known: Known }
  | { readonly kind: 'schema'; readonly what: 'property' | 'input'; readonly schema: Schema }
  | { readonly kind: 'function'; readonly name: FunctionName }
  | { readonly kind: 'file'; readonly what: 'import' | 'script'; readonly location: string };

export function meaningOf(cursor: Cursor, knowledge: Knowledge): Meaning | null {
  const shapes = shapesAt(cursor.path);
  if (cursor.role === 'key') return keyMeaning(cursor, shapes, knowledge);
  const called = callAround(cursor.path, shapes);
  if (called !== null) return argumentMeaning(cursor, called, knowledge);
  for (const shape of shapes) {
    if (shape.kind !== 'name') continue;
    if (shape.of === 'import') return { kind: 'file', what: 'import', location: cursor.word };
    const known = namesOf(shape.of, knowledge).find(({ name }) => name === cursor.word);
    if (shape.of === 'implementation') return implementationMeaning(cursor.word, known);
    if (known !== undefined) return nameMeaning(shape.of, known);
  }
  return null;
}

function nameMeaning(of: string, known: Known): Meaning {
  if (of === 'schema type')
    return isBasicType(known.name) ? { kind: 'known', known } : { kind: 'data type', known };
  if (of === 'node type' || of === 'relationship type' || of === 'data type') return { kind: of, known };
  return { kind: 'known', known };
}

function implementationMeaning(word: string, known: Known | undefined): Meaning | null {
  if (word.includes('/') || known?.detail === 'script')
    return { kind: 'file', what: 'script', location: word };
  return known === undefined ? null : { kind: 'known', known };
}

function keyMeaning(cursor: Cursor, shapes: readonly Shape[], knowledge: Knowledge): Meaning | null {
  const { word, path } = cursor;
  for (const shape of shapes) {
    if (shape.kind === 'value') return valueKeyMeaning(cursor, knowledge);
    const field =
      shape.kind === 'fields' && Object.hasOwn(shape.fields, word) ? shape.fields[word] : undefined;
    if (field !== undefined) return { kind: 'keyword', name: word, field };
    if (shape.kind === 'table' && shape.keys !== null) {
      const found = keysOf(shape.keys, cursor, knowledge).find(({ name }) => name === word);
      if (found !== undefined) {
        if (!isSchema(found)) return { kind: 'known', known: found };
        return {
          kind: 'schema',
          what: shape.keys === 'operation inputs' ? 'input' : 'property',
          schema: found,
        };
      }
    }
    if (shape.kind === 'table') return declared(path, word, knowledge);
  }
  return null;
}

function valueKeyMeaning(cursor: Cursor, knowledge: Knowledge): Meaning | null {
  if (isFunction(cursor.word)) return { kind: 'function', name: cursor.word };
  const schema = schemaAt({ ...cursor, path: [...cursor.path, cursor.word] }, knowledge);
  return schema === null ? null : { kind: 'schema', what: 'property', schema };
}

const declaredIn: ReadonlyMap<string, NameOf> = new Map([
  ['node_types', 'node type'],
  ['relationships', 'relationship type'],
  ['data_types', 'data type'],
  ['node_templates', 'node'],
  ['groups', 'group'],
]);

/** A name at the place where it is given. */
function declared(path: Path, word: string, knowledge: Knowledge): Meaning | null {
  const [section] = path;
  if (path.length !== 1) return null;
  const input = section === 'inputs' ? inputsOf(knowledge).get(word) : undefined;
  if (input !== undefined) return { kind: 'schema', what: 'input', schema: input };
  const of = declaredIn.get(String(section));
  const known = of === undefined ? undefined : namesOf(of, knowledge).find(({ name }) => name === word);
  return of === undefined || known === undefined ? null : nameMeaning(of, known);
}

function argumentMeaning(
  cursor: Cursor,
  { of, first }: { readonly of: string; readonly first: Path },
  knowledge: Knowledge,
): Meaning | null {
  const { word } = cursor;
  if (of === 'input') {
    const schema = inputsOf(knowledge).get(word);
    return schema === undefined ? null : { kind: 'schema', what: 'input', schema };
  }
  if (of === 'node') {
    const known = namesOf('node', knowledge).find(({ name }) => name === word);
    return known === undefined ? null : { kind: 'known', known };
  }
  if (of !== 'property' && of !== 'attribute') return null;
  const schema = propertiesOfNode(cursor.textAt(first) ?? '', cursor, knowledge).get(word);
  return schema === undefined ? null : { kind: 'schema', what: 'property', schema };
}
