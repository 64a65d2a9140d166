import { isJsonObject, type Json, type JsonObject } from '../../../../src/contracts/json.ts';
import type { Model } from '../../../../src/language/index.ts';
import type { StaticScope } from '../../../../src/language/plan/static.ts';
import { type Node, toJson } from '../../../../src/language/source/node.ts';

/** How values are shown: as written, or with what can be known evaluated. */
export type View = {
  readonly planned: boolean;
  readonly value: (node: Node, scope: StaticScope) => Json;
  readonly values: (values: ReadonlyMap<string, Node>, scope: StaticScope) => JsonObject;
};

export function asWritten(planned: boolean): View {
  return view(planned, toJson);
}

export function evaluated({ evaluate }: Model): View {
  return view(true, (node, scope) => toJson(evaluate(node, scope)));
}

function view(planned: boolean, value: (node: Node, scope: StaticScope) => Json): View {
  return {
    planned,
    value,
    values: (values, scope) =>
      Object.fromEntries([...values].map(([name, node]) => [name, value(node, scope)])),
  };
}

/** Definitions as written; nothing is an empty one. */
export function bodiesOf(table: ReadonlyMap<string, { readonly body: Node }>): JsonObject {
  return Object.fromEntries([...table].map(([name, { body }]) => [name, bodyOf(body)]));
}

function bodyOf(body: Node): Json {
  const value = toJson(body);
  if (value === null) return {};
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
}
