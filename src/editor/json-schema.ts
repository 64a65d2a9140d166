import type { Model } from '../language/index.ts';
import type { JsonObject } from '../contracts/json.ts';
import { toJson } from '../language/source/node.ts';
import type { Schema } from '../language/sections/schema.ts';
import { basicTypes } from '../language/types/basic-types.ts';
import type { Resolved, Types } from '../language/types/resolve.ts';
import { grammar } from './grammar/grammar.ts';
import type { FieldsShape, NameOf, Shape } from './grammar/shape.ts';
import { descriptionOf } from './knowledge.ts';

/**
 * The JSON Schema (draft 7, as editors read it) of a blueprint's files, for editors that know YAML but not
 * Braid. `model`: the types that ship with Braid. Types and names of the blueprint's own are allowed
 * everywhere, since a schema cannot look them up.
 */
export function jsonSchema(model: Model): JsonObject {
  const types = model.types;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Braid blueprint',
    description: 'A blueprint in Cloudify’s DSL, versions 1.0 to 1.5.',
    definitions: {
      function: { type: 'object', minProperties: 1, maxProperties: 2 },
      ...namesDefinitions(model),
      ...valueDefinitions('node', types.nodeTypes),
      ...valueDefinitions('relationship', types.relationships),
      ...dataDefinitions(types),
    },
    ...shapeSchema(grammar, types, false),
  };
}

function shapeSchema(shape: Shape, types: Types, nullable = true): JsonObject {
  const schema = plainSchema(shape, types);
  // Nothing is an empty map or list, and no value at all.
  return nullable && schema['type'] !== undefined
    ? { ...schema, type: [schema['type'], 'null'].flat() }
    : schema;
}

function plainSchema(shape: Shape, types: Types): JsonObject {
  switch (shape.kind) {
    case 'text':
      return { type: 'string' };
    case 'integer':
    case 'number':
    case 'boolean':
      return { type: shape.kind };
    case 'value':
      return {};
    case 'choice':
      return { enum: shape.values };
    case 'name':
      return nameSchema(shape.of);
    case 'list':
      return { type: 'array', items: shapeSchema(shape.of, types) };
    case 'table':
      return { type: 'object', additionalProperties: shapeSchema(shape.of, types) };
    case 'either':
      return { anyOf: shape.shapes.map((one) => shapeSchema(one, types)) };
    default:
      return fieldsSchema(shape, types);
  }
}

function fieldsSchema({ fields }: FieldsShape, types: Types): JsonObject {
  const properties = Object.entries(fields).map(([key, { shape, description }]) => {
    const schema = shapeSchema(shape, types);
    return [key, { description, ...schema }] as const;
  });
  const required = Object.entries(fields).filter(
    ([key, one]) => one.required && key !== 'tosca_definitions_version',
  );
  // A file may add relationships to the node of another and say no more of it.
  const names = required.map(([key]) => key).filter((key) => !(key === 'type' && 'relationships' in fields));
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties),
    ...(names.length === 0 ? {} : { required: names }),
    ...conditions(fields, types),
  };
}

/** What the `type` of a node or relationship tells of its properties. */
function conditions(fields: FieldsShape['fields'], types: Types): JsonObject {
  const shape = fields['properties']?.shape;
  const keys = shape?.kind === 'table' ? shape.keys : null;
  if (keys !== 'node properties' && keys !== 'relationship properties') return {};
  const kind = keys === 'node properties' ? 'node' : 'relationship';
  const table = kind === 'node' ? types.nodeTypes : types.relationships;
  return {
    allOf: [...table.keys()].map((name) => ({
      if: { properties: { type: { const: name } }, required: ['type'] },
      // oxlint-disable-next-line unicorn/no-thenable
      then: { properties: { properties: reference(`${kind} ${name}`) } },
    })),
  };
}

function reference(name: string): JsonObject {
  return { $ref: `#/definitions/${name.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll(' ', '%20')}` };
}

const known = ['node type', 'relationship type', 'data type', 'schema type', 'policy type', 'trigger type'];

function nameSchema(of: NameOf): JsonObject {
  return known.includes(of) ? reference(`name of ${of}`) : { type: 'string' };
}

function namesDefinitions({ blueprint }: Model): JsonObject {
  const types: readonly (readonly [string, Iterable<readonly [string, string | null]>])[] = [
    ['node type', described(blueprint.nodeTypes)],
    ['relationship type', described(blueprint.relationships)],
    ['data type', described(blueprint.dataTypes)],
    ['schema type', [...basicTypes.map((name) => [name, null] as const), ...described(blueprint.dataTypes)]],
    ['policy type', described(blueprint.policyTypes)],
    ['trigger type', described(blueprint.policyTriggers)],
  ];
  return Object.fromEntries(
    types.map(([of, names]) => [
      `name of ${of}`,
      {
        anyOf: [
          ...[...names].map(([name, description]) => ({
            const: name,
            ...(description === null ? {} : { description }),
          })),
          { type: 'string' },
        ],
      },
    ]),
  );
}

function described(
  table: ReadonlyMap<string, { readonly body: Parameters<typeof descriptionOf>[0] }>,
): readonly (readonly [string, string | null])[] {
  return [...table].map(([name, { body }]) => [name, descriptionOf(body)]);
}

function valueDefinitions(kind: string, table: ReadonlyMap<string, Resolved>): JsonObject {
  return Object.fromEntries(
    [...table.values()].map((type) => [`${kind} ${type.name}`, membersSchema(type, false)]),
  );
}

function dataDefinitions({ dataTypes }: Types): JsonObject {
  return Object.fromEntries(
    [...dataTypes.values()].map((type) => [
      `data ${type.name}`,
      { anyOf: [membersSchema(type, true), { $ref: '#/definitions/function' }] },
    ]),
  );
}

/** `whole`: whether what must be there is asked for; a node may say that it uses what exists already. */
function membersSchema({ properties }: Resolved, whole: boolean): JsonObject {
  const all = [...properties.values()];
  const required = all.filter((one) => whole && one.required && one.default === null).map(({ name }) => name);
  return {
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(all.map((one) => [one.name, propertySchema(one)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function propertySchema(schema: Schema): JsonObject {
  const { description, type } = schema;
  return {
    ...(description === null ? {} : { description }),
    ...(schema.default === null ? {} : { default: toJson(schema.default) }),
    ...typeSchema(type?.text ?? null),
  };
}

const jsonTypes = new Map([
  ['integer', 'integer'],
  ['float', 'number'],
  ['boolean', 'boolean'],
  ['list', 'array'],
  ['dict', 'object'],
  ['regex', 'string'],
]);

function typeSchema(type: string | null): JsonObject {
  if (type === null) return {};
  const json = jsonTypes.get(type);
  if (json !== undefined) return { anyOf: [{ type: [json, 'null'] }, { $ref: '#/definitions/function' }] };
  return basicTypes.includes(type) ? {} : reference(`data ${type}`);
}
