import { asFunction } from '../plan/calls.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { child, type Entry, isNull, type MapNode, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { delimiter } from './namespaces.ts';

/** `namespace` is empty for a plain import. `properties`: values for the properties of a plugin. */
export type Import = {
  readonly location: string;
  readonly namespace: string;
  readonly properties: MapNode | null;
  readonly at: Place;
};

/** `main`: whether to tell what is imported twice; in other files it does no harm. */
export function readImports(root: Node, main: boolean, reporter: Reporter): readonly Import[] {
  const node = root.kind === 'map' ? child(root, 'imports') : null;
  if (node === null || isNull(node)) return [];
  if (node.kind !== 'list') {
    reporter.report('wrong-shape', node.at, 'imports must be a list.');
    return [];
  }
  const seen = new Set<string>();
  return node.items.flatMap((item) => readImport(item, seen, main, reporter));
}

function readImport(node: Node, seen: Set<string>, main: boolean, reporter: Reporter): Import[] {
  const named = nameOf(node, reporter);
  if (named === null) return [];
  const { key: text, value } = named;
  if (seen.has(text)) {
    if (main) reporter.report('duplicate-import', node.at, `\`${text}\` is imported twice.`);
    return [];
  }
  seen.add(text);
  const properties = value.kind === 'map' ? value : null;
  return split(text, properties, node.at, reporter);
}

/** `- plugin:x`, or `- plugin:x: {property: value}` */
function nameOf(node: Node, reporter: Reporter): Pick<Entry, 'key' | 'value'> | null {
  if (node.kind === 'scalar' && typeof node.value === 'string') return { key: node.value, value: node };
  if (node.kind !== 'map') {
    const message = 'An import must be a text, or a map of one import to its properties.';
    reporter.report(isNull(node) ? 'invalid-import' : 'wrong-shape', node.at, message);
    return null;
  }
  for (const one of node.entries.values()) checkValues(one, reporter);
  const [only, ...others] = node.entries.values();
  if (only !== undefined && others.length === 0) return only;
  reporter.report('invalid-import', node.at, 'An import with properties must be a map of that one import.');
  return null;
}

function checkValues({ key, value }: Entry, reporter: Reporter): void {
  if (value.kind !== 'map') {
    if (!isNull(value)) {
      reporter.report('wrong-shape', value.at, `The properties of the import \`${key}\` must be a map.`);
    }
    return;
  }
  for (const one of value.entries.values()) {
    if (!isNull(one.value) && (one.value.kind !== 'map' || asFunction(one.value) !== null)) continue;
    const message = `\`${one.key}\` of the import \`${key}\` must be a plain value, a list or a function.`;
    reporter.report('invalid-import', one.value.at, message);
  }
}

function split(text: string, properties: MapNode | null, at: Place, reporter: Reporter): Import[] {
  const end = text.lastIndexOf(delimiter);
  const namespace = end < 0 ? '' : text.slice(0, end);
  if (end < 0 || !/^[\w.-]*$/.test(namespace)) return [{ location: text, namespace: '', properties, at }];
  const location = text.slice(end + delimiter.length);
  if (location === '') {
    reporter.report('import-not-found', at, `\`${text}\` does not tell what to import.`);
    return [];
  }
  if (namespace.includes(delimiter)) {
    const message = `\`${text}\` must be one namespace, \`--\`, and what to import.`;
    reporter.report('invalid-namespace', at, message);
    return [];
  }
  return [{ location, namespace, properties, at }];
}
