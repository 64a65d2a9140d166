import { type Node, toJson } from '../source/node.ts';
import { type Place, positionOf } from '../source/place.ts';
import { type Context, nothing, recalled } from './context.ts';
import { type FileSections, topLevelKeys } from './file-sections.ts';
import type { NodeTemplate } from './node-templates.ts';
import { mergeWorkflows } from './workflows.ts';

/** All files as one. */
export type Blueprint = Omit<FileSections, 'root' | 'base'>;

/** Merges what the files say, main first; the same name in two files is an error but for the exceptions below. */
export function mergeFiles(files: readonly FileSections[], context: Context): Blueprint {
  checkUnmergeable(files, context);
  const merge = <T extends Named>(
    section: (file: FileSections) => ReadonlyMap<string, T>,
    join: Join<T> = conflicting,
  ) =>
    mergeTables(
      files.map((file) => ({ base: file.base, table: section(file) })),
      join,
      context,
    );
  return {
    description: files.find((file) => file.description !== null)?.description ?? null,
    metadata: files.find((file) => file.metadata !== null)?.metadata ?? null,
    deploymentSettings: files.find((file) => file.deploymentSettings !== null)?.deploymentSettings ?? null,
    labels: merge((file) => file.labels, firstWins),
    blueprintLabels: merge((file) => file.blueprintLabels, firstWins),
    namespaces: merge((file) => file.namespaces, firstWins),
    resourceTags: merge((file) => file.resourceTags, firstWins),
    inputs: merge((file) => file.inputs),
    outputs: merge((file) => file.outputs),
    capabilities: merge((file) => file.capabilities),
    nodeTemplates: merge((file) => file.nodeTemplates, joinTemplates),
    nodeTypes: merge((file) => file.nodeTypes),
    relationships: merge((file) => file.relationships),
    dataTypes: merge((file) => file.dataTypes),
    plugins: merge((file) => file.plugins),
    workflows: merge((file) => file.workflows, mergeWorkflows),
    groups: merge((file) => file.groups),
    policies: merge((file) => file.policies),
    policyTypes: merge((file) => file.policyTypes),
    policyTriggers: merge((file) => file.policyTriggers),
  };
}

type Named = { readonly name: string; readonly at: Place; readonly body?: Node };
/** What two things of one name become; null when they are in conflict. */
type Join<T> = (first: T, second: T) => T | null;

/** A file that defines the base types may be there more than once, so its definitions replace earlier ones. */
type Table<T> = { readonly base: boolean; readonly table: ReadonlyMap<string, T> };

function mergeTables<T extends Named>(
  tables: readonly Table<T>[],
  join: Join<T>,
  context: Context,
): ReadonlyMap<string, T> {
  const [first, ...others] = tables.filter(({ table }) => table.size > 0);
  if (first === undefined || others.length === 0) return first?.table ?? nothing;
  const things = others.flatMap(({ base, table }) => [table, base]);
  return recalled('merge', [first.table, ...things], context, (inner) =>
    mergeSeveral([first, ...others], join, inner),
  );
}

function mergeSeveral<T extends Named>(
  tables: readonly Table<T>[],
  join: Join<T>,
  context: Context,
): ReadonlyMap<string, T> {
  const merged = new Map<string, T>();
  for (const { base, table } of tables) {
    for (const [name, value] of table) {
      const earlier = merged.get(name);
      if (earlier === undefined) merged.set(name, value);
      else if (base || name.startsWith('cloudify.')) {
        if (!isSame(earlier, value)) replaced(name, earlier, value, context);
        merged.set(name, value);
      } else {
        const joined = join(earlier, value);
        if (joined === null) conflict(name, earlier, value, context);
        else merged.set(name, joined);
      }
    }
  }
  return merged;
}

function isSame(first: Named, second: Named): boolean {
  if (first.body === undefined || second.body === undefined) return true;
  return JSON.stringify(toJson(first.body)) === JSON.stringify(toJson(second.body));
}

function replaced(name: string, earlier: Named, later: Named, context: Context): void {
  const message = `\`${name}\` is defined otherwise in ${later.at.file.name}, and that definition counts.`;
  context.reporter.report('replaced-definition', earlier.at, message);
}

function conflict(name: string, earlier: Named, later: Named, context: Context): void {
  const { line } = positionOf(earlier.at.file, earlier.at.start);
  const message = `\`${name}\` is defined already, in ${earlier.at.file.name} at line ${line}.`;
  context.reporter.report('name-conflict', later.at, message);
}

function conflicting(): null {
  return null;
}

function firstWins<T>(first: T): T {
  return first;
}

/** A file may add relationships to the node template of another that has some, and nothing else. */
function joinTemplates(first: NodeTemplate, second: NodeTemplate): NodeTemplate | null {
  const [keys, added] = [keysOf(first), keysOf(second)];
  if (!keys.has('relationships')) return null;
  const relationships = [...first.relationships, ...second.relationships];
  if (added.size === 1 && added.has('relationships')) return { ...first, relationships };
  return keys.size === 1 && added.has('type') ? { ...second, relationships } : null;
}

function keysOf({ body }: NodeTemplate): ReadonlySet<string> {
  return new Set(body.kind === 'map' ? body.entries.keys() : []);
}

const never = ['policies', 'deployment_settings'];
const from13 = [
  'inputs',
  'outputs',
  'node_templates',
  'capabilities',
  'labels',
  'blueprint_labels',
  'resource_tags',
];

function checkUnmergeable(files: readonly FileSections[], context: Context): void {
  const sections = context.version >= 3 ? never : [...never, ...from13];
  for (const key of Object.keys(topLevelKeys).filter((one) => sections.includes(one))) {
    const [first, ...others] = files.flatMap((file) => file.root.entries.get(key) ?? []);
    for (const other of others) {
      const message = `\`${key}\` is already in ${first?.keyAt.file.name ?? 'another file'} and cannot be merged.`;
      context.reporter.report('unmergeable-section', other.keyAt, message);
    }
  }
}
