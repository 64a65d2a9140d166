/** What the names are that may stand at a place, where a blueprint refers to something. */
export type NameOf =
  | 'node type'
  | 'relationship type'
  | 'data type'
  | 'schema type'
  | 'node'
  | 'group member'
  | 'group'
  | 'policy type'
  | 'trigger type'
  | 'import'
  | 'implementation';

/** Names that are known from what a table belongs to, such as a node's type. */
export type KeysOf =
  | 'node properties'
  | 'relationship properties'
  | 'policy properties'
  | 'interfaces'
  | 'operations'
  | 'operation inputs';

/** What may be written at a place of a blueprint. */
export type Shape =
  | FieldsShape
  | TableShape
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'text' | 'integer' | 'number' | 'boolean' }
  /** Anything, functions included. */
  | { readonly kind: 'value' }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'name'; readonly of: NameOf }
  | { readonly kind: 'either'; readonly shapes: readonly Shape[] };
/** A map with a fixed set of keys. */
export type FieldsShape = { readonly kind: 'fields'; readonly fields: Readonly<Record<string, Field>> };
/** A map from names to things of one kind. `keys`: which names are known; null: the writer gives them. */
export type TableShape = { readonly kind: 'table'; readonly of: Shape; readonly keys: KeysOf | null };
export type Field = {
  readonly shape: Shape;
  readonly description: string;
  readonly required: boolean;
};

export const text: Shape = { kind: 'text' };
export const integer: Shape = { kind: 'integer' };
export const number: Shape = { kind: 'number' };
export const boolean: Shape = { kind: 'boolean' };
export const value: Shape = { kind: 'value' };

export function fields(all: Readonly<Record<string, Field>>): FieldsShape {
  return { kind: 'fields', fields: all };
}

export function field(shape: Shape, description: string): Field {
  return { shape, description, required: false };
}

export function required(shape: Shape, description: string): Field {
  return { shape, description, required: true };
}

export function table(of: Shape, keys: KeysOf | null = null): TableShape {
  return { kind: 'table', of, keys };
}

export function list(of: Shape): Shape {
  return { kind: 'list', of };
}

export function choice(...values: readonly string[]): Shape {
  return { kind: 'choice', values };
}

export function name(of: NameOf): Shape {
  return { kind: 'name', of };
}

export function either(...shapes: readonly Shape[]): Shape {
  return { kind: 'either', shapes };
}
