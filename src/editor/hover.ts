import { functionTable } from '../language/functions/names.ts';
import type { Schema } from '../language/sections/schema.ts';
import { toJson } from '../language/source/node.ts';
import type { Resolved } from '../language/types/resolve.ts';
import { cursorAt } from './cursor.ts';
import { functionHelp } from './grammar/functions.ts';
import { descriptionOf, type Known, type Knowledge } from './knowledge.ts';
import { type Meaning, meaningOf } from './meaning.ts';

/** Markdown about the word at a place, and where the word is. */
export type Hover = { readonly markdown: string; readonly start: number; readonly end: number };

export function hover(text: string, offset: number, knowledge: Knowledge): Hover | null {
  const cursor = cursorAt(text, offset);
  if (cursor === null || cursor.word === '') return null;
  const meaning = meaningOf(cursor, knowledge);
  const markdown = meaning === null ? null : told(meaning, knowledge);
  return markdown === null ? null : { markdown, start: cursor.start, end: cursor.end };
}

function told(meaning: Meaning, knowledge: Knowledge): string | null {
  switch (meaning.kind) {
    case 'keyword':
      return paragraphs(`\`${meaning.name}\``, meaning.field.description);
    case 'function': {
      const { description, form } = functionHelp[meaning.name];
      const { since } = functionTable[meaning.name];
      const version = since === 0 ? null : `Since cloudify_dsl_1_${since}.`;
      return paragraphs(code(`${meaning.name}: ${form.replaceAll(/\$\d/g, '…')}`), description, version);
    }
    case 'schema':
      return schemaText(meaning.what, meaning.schema);
    case 'node type':
    case 'relationship type':
    case 'data type':
      return typeText(meaning.kind, meaning.known, knowledge);
    case 'known':
      return paragraphs(`\`${meaning.known.name}\`: ${meaning.known.detail}`, meaning.known.description);
    default:
      return null;
  }
}

function paragraphs(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}

function code(text: string): string {
  return `\`\`\`yaml\n${text}\n\`\`\``;
}

function schemaText(what: string, schema: Schema): string {
  const { name, type, description, required } = schema;
  const fallback = schema.default === null ? null : JSON.stringify(toJson(schema.default));
  const must =
    fallback === null ? (required ? 'Required.' : 'Not required.') : `Default: \`${short(fallback)}\``;
  return paragraphs(`\`${name}\`: ${what}, ${type?.text ?? 'any type'}`, description, must);
}

function short(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function typeText(kind: string, { name, description }: Known, { model }: Knowledge): string {
  const types = model?.types;
  const type = types?.nodeTypes.get(name) ?? types?.relationships.get(name) ?? types?.dataTypes.get(name);
  const parents = (type?.hierarchy ?? []).slice(0, -1).reverse();
  return paragraphs(
    `\`${name}\`: ${kind}`,
    description ?? inheritedDescription(parents, model),
    parents.length === 0 ? null : `Derived from ${parents.map((one) => `\`${one}\``).join(', ')}.`,
    propertyList(type),
  );
}

/** What a parent says of itself is true of a type that only has another name. */
function inheritedDescription(parents: readonly string[], model: Knowledge['model']): string | null {
  for (const name of parents) {
    const { nodeTypes, relationships } = model?.blueprint ?? {};
    const body = nodeTypes?.get(name)?.body ?? relationships?.get(name)?.body;
    const found = body === undefined ? null : descriptionOf(body);
    if (found !== null) return found;
  }
  return null;
}

const mostProperties = 30;

function propertyList(type: Resolved | undefined): string | null {
  const all = [...(type?.properties.values() ?? [])];
  if (all.length === 0) return null;
  const lines = all.slice(0, mostProperties).map((schema) => {
    const must = schema.required && schema.default === null ? ', required' : '';
    const text = schema.description === null ? '' : `: ${schema.description.replaceAll(/\s+/g, ' ')}`;
    return `- \`${schema.name}\` (${schema.type?.text ?? 'any'}${must})${text}`;
  });
  const more = all.length > mostProperties ? [`- and ${all.length - mostProperties} more`] : [];
  return ['Properties:', '', ...lines, ...more].join('\n');
}
