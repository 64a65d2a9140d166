import { didYouMean } from '../diagnostics/suggest.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { child, describe, isNull, type Node } from '../source/node.ts';
import { startOf } from '../source/place.ts';

export const newestVersion = 5;
const versions = Array.from({ length: newestVersion + 1 }, (_, minor) => `cloudify_dsl_1_${minor}`);

/** The minor number of a file's DSL version; null when it tells none, or none that is known. */
export function readVersion(root: Node, reporter: Reporter): number | null {
  const node = root.kind === 'map' ? child(root, 'tosca_definitions_version') : null;
  if (node === null || isNull(node)) return null;
  if (node.kind !== 'scalar' || typeof node.value !== 'string') {
    reporter.report('wrong-shape', node.at, `The DSL version must be a text, not ${describe(node)}.`);
    return null;
  }
  const minor = versions.indexOf(node.value);
  if (minor >= 0) return minor;
  const hint = didYouMean(node.value, versions);
  reporter.report('unknown-version', node.at, `The DSL version cannot be ${describe(node)}.`, hint);
  return null;
}

export function requireVersion(root: Node, reporter: Reporter): void {
  const told = root.kind === 'map' ? child(root, 'tosca_definitions_version') : null;
  if (told !== null && !isNull(told)) return;
  const message = 'The blueprint does not tell its DSL version.';
  const hint = `Begin it with \`tosca_definitions_version: cloudify_dsl_1_${newestVersion}\`.`;
  reporter.report('missing-version', startOf(root.at.file), message, hint);
}
