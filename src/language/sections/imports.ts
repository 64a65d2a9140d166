import type { Reporter } from '../diagnostics/reporter.ts';
import { child, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { delimiter } from './namespaces.ts';

/** `namespace` is empty for a plain import. */
export type Import = { readonly location: string; readonly namespace: string; readonly at: Place };

export function readImports(root: Node, reporter: Reporter): readonly Import[] {
  const node = root.kind === 'map' ? child(root, 'imports') : null;
  if (node === null || isNull(node)) return [];
  if (node.kind !== 'list') {
    reporter.report('wrong-shape', node.at, 'imports must be a list.');
    return [];
  }
  const seen = new Set<string>();
  return node.items.flatMap((item) => readImport(item, seen, reporter));
}

function readImport(node: Node, seen: Set<string>, reporter: Reporter): Import[] {
  const text = nameOf(node);
  if (text === null) {
    reporter.report(
      'wrong-shape',
      node.at,
      'An import must be a text, or a map of one import to its properties.',
    );
    return [];
  }
  if (seen.has(text)) {
    reporter.report('duplicate-import', node.at, `\`${text}\` is imported twice.`);
    return [];
  }
  seen.add(text);
  return split(text, node.at, reporter);
}

/** `- plugin:x`, or `- plugin:x: {property: value}` */
function nameOf(node: Node): string | null {
  if (node.kind === 'scalar') return typeof node.value === 'string' ? node.value : null;
  if (node.kind !== 'map' || node.entries.size !== 1) return null;
  return [...node.entries.keys()][0] ?? null;
}

function split(text: string, at: Place, reporter: Reporter): Import[] {
  const end = text.indexOf(delimiter);
  if (text.startsWith('blueprint:')) {
    reporter.report('blueprint-without-namespace', at, `\`${text}\` is imported without a namespace.`);
    return [];
  }
  if (end < 0 || !/^[\w.-]*$/.test(text.slice(0, end))) return [{ location: text, namespace: '', at }];
  const namespace = text.slice(0, end);
  const location = text.slice(end + delimiter.length);
  if (namespace === '' || location === '' || location.includes(delimiter)) {
    const message = `\`${text}\` must be one namespace, \`--\`, and what to import.`;
    reporter.report('invalid-namespace', at, message);
    return [];
  }
  return [{ location, namespace, at }];
}
