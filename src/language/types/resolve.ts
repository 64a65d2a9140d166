import { didYouMean } from '../diagnostics/suggest.ts';
import type { Blueprint } from '../sections/blueprint.ts';
import { type Context, needsVersion } from '../sections/context.ts';
import type { Operations } from '../sections/operations.ts';
import type { Schema } from '../sections/schema.ts';
import type { DataType, NodeType, RelationshipType } from '../sections/type-definitions.ts';
import { basicTypes, isBasicType, sinceVersion } from './basic-types.ts';
import { resolveChain } from './chain.ts';
import { mergeTypeOperation } from './merge-operation.ts';

/** A type with everything that it inherits. */
export type Resolved = {
  readonly name: string;
  /** From the root to itself. */
  readonly hierarchy: readonly string[];
  readonly properties: ReadonlyMap<string, Schema>;
};
export type ResolvedNodeType = Resolved & { readonly operations: Operations<Schema> };
export type ResolvedRelationship = Resolved & {
  readonly sourceOperations: Operations<Schema>;
  readonly targetOperations: Operations<Schema>;
};
export type Types = {
  readonly nodeTypes: ReadonlyMap<string, ResolvedNodeType>;
  readonly relationships: ReadonlyMap<string, ResolvedRelationship>;
  readonly dataTypes: ReadonlyMap<string, Resolved>;
};

export function resolveTypes(blueprint: Blueprint, context: Context): Types {
  const types = {
    dataTypes: resolveChain(blueprint.dataTypes, deriveDataType, context),
    nodeTypes: resolveChain(blueprint.nodeTypes, deriveNodeType, context),
    relationships: resolveChain(blueprint.relationships, deriveRelationship, context),
  };
  checkPrimitives(blueprint, context);
  checkReferences(blueprint, context);
  checkNesting(types.dataTypes, blueprint, context);
  return types;
}

function deriveDataType(type: DataType, parent: Resolved | null): Resolved {
  return {
    name: type.name,
    hierarchy: [...(parent?.hierarchy ?? []), type.name],
    properties: overlay(parent?.properties, withInheritedDefaults(type.properties, parent?.properties)),
  };
}

function deriveNodeType(type: NodeType, parent: ResolvedNodeType | null): ResolvedNodeType {
  return {
    ...deriveDataType(type, parent),
    operations: overlayOperations(parent?.operations, type.interfaces),
  };
}

function deriveRelationship(
  type: RelationshipType,
  parent: ResolvedRelationship | null,
): ResolvedRelationship {
  return {
    ...deriveDataType(type, parent),
    sourceOperations: overlayOperations(parent?.sourceOperations, type.sourceInterfaces),
    targetOperations: overlayOperations(parent?.targetOperations, type.targetInterfaces),
  };
}

/** A property of a data type keeps its parent's default when it is declared anew without one. */
function withInheritedDefaults(
  own: ReadonlyMap<string, Schema>,
  parents: ReadonlyMap<string, Schema> | undefined,
): ReadonlyMap<string, Schema> {
  const inherited = [...own.values()].map((schema) => {
    const parent = parents?.get(schema.name);
    const sameType = schema.type !== null && schema.type.text === parent?.type?.text;
    if (parent === undefined || !sameType || schema.default !== null || isBasicType(schema.type.text))
      return schema;
    return { ...schema, default: parent.default };
  });
  return new Map(inherited.map((schema) => [schema.name, schema]));
}

function overlayOperations(
  below: Operations<Schema> | undefined,
  above: Operations<Schema>,
): Operations<Schema> {
  const merged = new Map(below);
  for (const [name, operation] of above) {
    const one = mergeTypeOperation(operation, merged.get(name));
    if (one !== undefined) merged.set(name, one);
  }
  return merged;
}

/** What a derived type says of a property replaces all that was said of it before. */
function overlay<T>(
  below: ReadonlyMap<string, T> | undefined,
  above: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  return below === undefined ? above : new Map([...below, ...above]);
}

function checkPrimitives(blueprint: Blueprint, context: Context): void {
  for (const { name, at } of blueprint.dataTypes.values()) {
    if (!isBasicType(name)) continue;
    context.reporter.report(
      'primitive-redefined',
      at,
      `The data type \`${name}\` has the name of a basic type.`,
    );
  }
}

/** Every schema must be of a type that exists. */
function checkReferences(blueprint: Blueprint, context: Context): void {
  const known = [...basicTypes, ...blueprint.dataTypes.keys()];
  const knownSet = new Set(known);
  for (const schema of allSchemas(blueprint)) {
    for (const name of [schema.type, schema.itemType]) {
      if (name === null) continue;
      const since = sinceVersion(name.text);
      if (since > 0) needsVersion(since, name.at, `The type ${name.text}`, context);
      if (knownSet.has(name.text)) continue;
      const message = `\`${schema.name}\` is of the type \`${name.text}\`, which is not defined.`;
      context.reporter.report('unknown-data-type', name.at, message, didYouMean(name.text, known));
    }
  }
}

function* allSchemas(blueprint: Blueprint): Generator<Schema> {
  yield* blueprint.inputs.values();
  for (const type of blueprint.dataTypes.values()) yield* type.properties.values();
  for (const type of blueprint.nodeTypes.values()) {
    yield* type.properties.values();
    yield* operationSchemas(type.interfaces);
  }
  for (const type of blueprint.relationships.values()) {
    yield* type.properties.values();
    yield* operationSchemas(type.sourceInterfaces);
    yield* operationSchemas(type.targetInterfaces);
  }
}

function* operationSchemas(operations: Operations<Schema>): Generator<Schema> {
  for (const operation of operations.values()) yield* operation.inputs.values();
}

/** A data type that contains itself would have a value without end. */
function checkNesting(
  dataTypes: ReadonlyMap<string, Resolved>,
  blueprint: Blueprint,
  context: Context,
): void {
  const done = new Set<string>();

  function visit(type: Resolved, path: readonly string[]): void {
    if (done.has(type.name)) return;
    for (const schema of type.properties.values()) {
      const inner = schema.type === null ? undefined : dataTypes.get(schema.type.text);
      if (inner === undefined) continue;
      const way = [...path, type.name];
      if (way.includes(inner.name)) {
        const circle = [...way.slice(way.indexOf(inner.name)), inner.name].join(' → ');
        const at = schema.type?.at ?? schema.at;
        context.reporter.report(
          'type-cycle',
          at,
          `The data type \`${inner.name}\` contains itself: ${circle}.`,
        );
      } else visit(inner, way);
    }
    done.add(type.name);
  }

  for (const name of blueprint.dataTypes.keys()) {
    const type = dataTypes.get(name);
    if (type !== undefined) visit(type, []);
  }
}
