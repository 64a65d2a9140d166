import type { Blueprint } from '../sections/blueprint.ts';
import type { Operations } from '../sections/operations.ts';
import type { Schema } from '../sections/schema.ts';

/** A schema, and whether its default must be complete: that of a property need not be, as a node adds to it. */
export type Declared = { readonly schema: Schema; readonly complete: boolean };

/** Every schema that a blueprint declares. */
export function* allSchemas(blueprint: Blueprint): Generator<Declared> {
  yield* declared(blueprint.inputs, true);
  for (const type of blueprint.dataTypes.values()) yield* declared(type.properties, false);
  for (const type of blueprint.nodeTypes.values()) {
    yield* declared(type.properties, false);
    yield* declared(type.runtimeProperties, false);
    yield* ofOperations(type.interfaces);
  }
  for (const type of blueprint.relationships.values()) {
    yield* declared(type.properties, false);
    yield* ofOperations(type.sourceInterfaces);
    yield* ofOperations(type.targetInterfaces);
  }
  for (const workflow of blueprint.workflows.values()) yield* declared(workflow.parameters, true);
  for (const types of [blueprint.policyTypes, blueprint.policyTriggers]) {
    for (const type of types.values()) yield* declared(type.schemas, false);
  }
}

function* ofOperations(operations: Operations<Schema>): Generator<Declared> {
  for (const operation of operations.values()) yield* declared(operation.inputs, true);
}

function* declared(schemas: ReadonlyMap<string, Schema>, complete: boolean): Generator<Declared> {
  for (const schema of schemas.values()) yield { schema, complete };
}
