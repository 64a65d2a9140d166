import type { Json } from '../../contracts/json.ts';

/** How `concat` writes a value: as Python's `str` does, since blueprints were written against that. */
export function asText(value: Json): string {
  return typeof value === 'string' ? value : represent(value);
}

function represent(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(represent).join(', ')}]`;
  if (typeof value === 'number') return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${represent(item)}`);
  return `{${entries.join(', ')}}`;
}

function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  if (escaped.includes("'") && !escaped.includes('"')) return `"${escaped}"`;
  return `'${escaped.replaceAll("'", "\\'")}'`;
}
