import { parse } from 'yaml';
import { z } from 'zod';
import {
  catalogue,
  type CatalogueName,
  catalogueName,
  readCatalogue,
} from '../../../src/activities/blueprints/catalogue.ts';
import { madeFrom, markdownTable } from './markdown.ts';

const schemaSchema = z.record(
  z.string(),
  z
    .object({
      type: z.string().optional(),
      description: z.string().optional(),
      default: z.unknown().optional(),
    })
    .loose()
    .nullable(),
);
const operationSchema = z
  .union([z.string(), z.object({ implementation: z.string().optional() }).loose()])
  .nullable();
const typeSchema = z
  .object({
    description: z.string().optional(),
    derived_from: z.string().optional(),
    properties: schemaSchema.nullish(),
    interfaces: z.record(z.string(), z.record(z.string(), operationSchema).nullable()).nullish(),
  })
  .loose();
const pluginSchema = z.object({
  node_types: z.record(z.string(), typeSchema.nullable()).optional(),
  relationships: z.record(z.string(), typeSchema.nullable()).optional(),
});

export async function nodeTypesPage(): Promise<string> {
  const names = Object.keys(catalogue)
    .map(catalogueName)
    .filter((name) => name !== null);
  const parts = await Promise.all(names.map(async (name) => partOf(name, await readCatalogue(name))));
  return `${[
    madeFrom('the plugin files beside the operations, src/activities/*/plugin.yaml'),
    '# Node types',
    'What a blueprint can import, and what it gets by that. A type also has what it is derived from.',
    ...parts,
  ].join('\n\n')}\n`;
}

function partOf(name: CatalogueName, text: string): string {
  const { node_types = {}, relationships = {} } = pluginSchema.parse(parse(text, { merge: true }));
  const types = Object.entries(node_types);
  return [
    `## \`${name}\``,
    isForeign(name)
      ? 'So that blueprints parse and plan. No worker does these operations; an install says so.'
      : '',
    ...types
      .filter(([, definition]) => !isBare(definition))
      .map(([type, definition]) => typeText(type, definition)),
    bareTypesTable(types.filter(([, definition]) => isBare(definition))),
    ...(Object.keys(relationships).length === 0
      ? []
      : [
          markdownTable(
            ['relationship', 'derived from', 'meaning'],
            Object.entries(relationships).map(([type, definition]) => [
              `\`${type}\``,
              definition?.derived_from === undefined ? '' : `\`${definition.derived_from}\``,
              definition?.description ?? '',
            ]),
          ),
        ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function isForeign(name: CatalogueName): boolean {
  return catalogue[name].startsWith('foreign/');
}

/** Only a name more for its parent. */
function isBare(definition: z.infer<typeof typeSchema> | null): boolean {
  return definition === null || Object.keys(definition).every((key) => key === 'derived_from');
}

function bareTypesTable(types: readonly (readonly [string, z.infer<typeof typeSchema> | null])[]): string {
  if (types.length === 0) return '';
  return markdownTable(
    ['type', 'the same as'],
    types.map(([type, definition]) => [`\`${type}\``, `\`${definition?.derived_from ?? ''}\``]),
  );
}

function typeText(type: string, definition: z.infer<typeof typeSchema> | null): string {
  const { description, derived_from: parent, properties, interfaces } = definition ?? {};
  const operations = Object.entries(interfaces ?? {}).flatMap(([name, given]) =>
    operationRows(name, given ?? {}),
  );
  return [
    `### \`${type}\``,
    `${description ?? ''}${parent === undefined ? '' : ` Derived from \`${parent}\`.`}`.trim(),
    propertiesTable(properties ?? {}),
    operations.length === 0 ? '' : markdownTable(['operation', 'implementation'], operations),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function propertiesTable(properties: z.infer<typeof schemaSchema>): string {
  const rows = Object.entries(properties).map(([name, given]) => [
    `\`${name}\``,
    given?.type ?? 'any',
    given?.default === undefined
      ? given?.required === false
        ? 'none'
        : 'required'
      : `\`${JSON.stringify(given.default)}\``,
    given?.description ?? '',
  ]);
  return rows.length === 0 ? '' : markdownTable(['property', 'type', 'default', 'meaning'], rows);
}

function operationRows(
  name: string,
  operations: Readonly<Record<string, z.infer<typeof operationSchema>>>,
): readonly (readonly string[])[] {
  return Object.entries(operations).flatMap(([operation, given]) => {
    const implementation = typeof given === 'string' ? given : (given?.implementation ?? '');
    return implementation === '' ? [] : [[`\`${name}.${operation}\``, `\`${implementation}\``]];
  });
}
