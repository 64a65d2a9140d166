import type { Blueprint } from '../sections/blueprint.ts';
import type { Context } from '../sections/context.ts';
import type { Operations } from '../sections/operations.ts';
import type { Schema } from '../sections/schema.ts';
import type { DataType, NodeType, RelationshipType } from '../sections/type-definitions.ts';
import { isNull } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { isBasicType } from './basic-types.ts';
import { resolveChain } from './chain.ts';
import { checkDefaults } from './check-defaults.ts';
import { breakCircles } from './circles.ts';
import { checkPrimitives, checkReferences } from './references.ts';
import { mergeTypeOperation } from './merge-operation.ts';

/** A type with everything that it inherits. */
export type Resolved = {
  readonly name: string;
  readonly at: Place;
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
  const finite = { ...types, dataTypes: breakCircles(types.dataTypes, context) };
  checkDefaults(blueprint, finite.dataTypes, context);
  return finite;
}

function deriveDataType(type: DataType, parent: Resolved | null): Resolved {
  return {
    name: type.name,
    at: type.at,
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
    const hasDefault = schema.default !== null && !isNull(schema.default);
    if (parent === undefined || !sameType || hasDefault || isBasicType(schema.type.text)) return schema;
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
