import { type Node, toJson } from '../source/node.ts';
import { type Place, positionOf } from '../source/place.ts';
import type { Context } from './context.ts';
import { type FileSections, topLevelKeys } from './file-sections.ts';
import type { NodeTemplate } from './node-templates.ts';

/** All files as one. */
export type Blueprint = Omit<FileSections, 'root'>;

/** Merges what the files say, main first; the same name in two files is an error but for the exceptions below. */
export function mergeFiles(files: readonly FileSections[], context: Context): Blueprint {
  checkUnmergeable(files, context);
  const merge = <T extends Named>(
    section: (file: FileSections) => ReadonlyMap<string, T>,
    join: Join<T> = conflicting,
  ) => mergeTables(files.map(section), join, context);
  return {
    description: files.find((file) => file.description !== null)?.description ?? null,
    settings: files.flatMap((file) => file.settings),
    blueprintLabels: files.map((file) => file.blueprintLabels).find((one) => one !== null) ?? null,
    inputs: merge((file) => file.inputs),
    outputs: merge((file) => file.outputs),
    capabilities: merge((file) => file.capabilities),
    nodeTemplates: merge((file) => file.nodeTemplates, joinTemplates),
    nodeTypes: merge((file) => file.nodeTypes, sameDefinition),
    relationships: merge((file) => file.relationships, sameDefinition),
    dataTypes: merge((file) => file.dataTypes, sameDefinition),
    plugins: merge((file) => file.plugins, sameDefinition),
    workflows: merge(
      (file) => file.workflows,
      (first) => first,
    ),
    groups: merge((file) => file.groups),
    policies: merge((file) => file.policies),
    policyTypes: merge((file) => file.policyTypes, sameDefinition),
    policyTriggers: merge((file) => file.policyTriggers, sameDefinition),
  };
}

type Named = { readonly name: string; readonly at: Place };
/** What two things of one name become; null when they are in conflict. */
type Join<T> = (first: T, second: T) => T | null;

function mergeTables<T extends Named>(
  tables: readonly ReadonlyMap<string, T>[],
  join: Join<T>,
  context: Context,
): ReadonlyMap<string, T> {
  const merged = new Map<string, T>();
  for (const table of tables) {
    for (const [name, value] of table) {
      const earlier = merged.get(name);
      const joined = earlier === undefined ? value : join(earlier, value);
      if (joined !== null) merged.set(name, joined);
      else if (earlier !== undefined) conflict(name, earlier, value, context);
    }
  }
  return merged;
}

function conflict(name: string, earlier: Named, later: Named, context: Context): void {
  const { line } = positionOf(earlier.at.file, earlier.at.start);
  const message = `\`${name}\` is defined already, in ${earlier.at.file.name} at line ${line}.`;
  context.reporter.report('name-conflict', later.at, message);
}

function conflicting(): null {
  return null;
}

function sameDefinition<T extends { readonly name: string; readonly body: Node }>(
  first: T,
  second: T,
): T | null {
  if (!first.name.startsWith('cloudify.')) return null;
  return JSON.stringify(toJson(first.body)) === JSON.stringify(toJson(second.body)) ? first : null;
}

/** A file may add relationships to the node template of another, and nothing else. */
function joinTemplates(first: NodeTemplate, second: NodeTemplate): NodeTemplate | null {
  const base = [first, second].find((one) => !onlyRelationships(one)) ?? first;
  if (first.relationships.length + second.relationships.length === 0) return null;
  if (![first, second].some(onlyRelationships)) return null;
  return { ...base, relationships: [...first.relationships, ...second.relationships] };
}

function onlyRelationships(template: NodeTemplate): boolean {
  return template.type === null && template.properties.size === 0 && template.interfaces.size === 0;
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
