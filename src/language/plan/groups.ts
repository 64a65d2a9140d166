import { didYouMean } from '../diagnostics/suggest.ts';
import type { Blueprint } from '../sections/blueprint.ts';
import type { Context } from '../sections/context.ts';
import type { Group, Typed } from '../sections/groups.ts';
import type { Node } from '../source/node.ts';
import type { PolicyType } from '../sections/policy-types.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Types } from '../types/resolve.ts';
import { bindValues } from '../types/values.ts';
import type { Draft } from './draft.ts';
import { containersOf } from './graph.ts';
import { type GroupTree, groupTree } from './group-tree.ts';

/** Checks groups, what watches them and what scales them. */
export function checkGroups(blueprint: Blueprint, types: Types, draft: Draft, context: Context): void {
  for (const group of blueprint.groups.values()) {
    checkName(group, blueprint, context);
    checkMembers(group, blueprint, context);
    bindGroupPolicies(group, blueprint, types, context);
  }
  checkPolicies(blueprint, context);
  const scaled = scaledGroups(blueprint);
  const tree = groupTree(scaled);
  checkScalingGroups(scaled, tree, draft, context);
}

function checkName({ name, at }: Group, { nodeTemplates }: Blueprint, context: Context): void {
  if (!nodeTemplates.has(name)) return;
  context.reporter.report('group-named-as-node', at, `\`${name}\` is a node and a group.`);
}

function checkMembers(group: Group, { groups, nodeTemplates }: Blueprint, context: Context): void {
  for (const member of group.members) {
    if (nodeTemplates.has(member.text) || groups.has(member.text)) continue;
    const hint = didYouMean(member.text, [...nodeTemplates.keys(), ...groups.keys()]);
    const message = `The group \`${group.name}\` has a member \`${member.text}\`, which is no node and no group.`;
    context.reporter.report('unknown-member', member.at, message, hint);
  }
}

type Bound = { readonly name: string; readonly type: string; readonly values: ReadonlyMap<string, Node> };
type BoundPolicy = Bound & { readonly triggers: readonly Bound[] };

/** The policies of a group with the values that their types and triggers give them. */
export function bindGroupPolicies(
  group: Group,
  { policyTypes, policyTriggers }: Blueprint,
  types: Types,
  context: Context,
): readonly BoundPolicy[] {
  return group.policies.flatMap((policy) => {
    const bound = bindTyped(policy, policyTypes, 'unknown-policy-type', types, context);
    const triggers = policy.triggers.flatMap((one) => {
      return bindTyped(one, policyTriggers, 'unknown-trigger-type', types, context) ?? [];
    });
    return bound === null ? [] : [{ ...bound, triggers }];
  });
}

function bindTyped(
  { name, at, type, values }: Typed,
  known: ReadonlyMap<string, PolicyType>,
  unknown: DiagnosticCode,
  { dataTypes }: Types,
  context: Context,
): Bound | null {
  if (type === null) return null;
  const definition = known.get(type.text);
  if (definition === undefined) {
    const hint = didYouMean(type.text, known.keys());
    context.reporter.report(unknown, type.at, `\`${type.text}\` is not defined.`, hint);
    return null;
  }
  const bound = bindValues(values, definition.schemas, {
    owner: `\`${type.text}\``,
    at,
    mayMiss: false,
    dataTypes,
    context,
  });
  return { name, type: type.text, values: bound };
}

const scaling = 'cloudify.policies.scaling';

function checkPolicies({ policies, groups }: Blueprint, context: Context): void {
  for (const { name, at, type, targets } of policies.values()) {
    if (type?.text !== scaling) {
      context.reporter.report(
        'unsupported-policy',
        type?.at ?? at,
        `The policy \`${name}\` is not a ${scaling}.`,
      );
    }
    for (const target of targets.filter((one) => !groups.has(one.text))) {
      const hint = didYouMean(target.text, groups.keys());
      context.reporter.report('unknown-group', target.at, `There is no group \`${target.text}\`.`, hint);
    }
  }
}

/** Groups that a policy scales. */
function scaledGroups({ policies, groups }: Blueprint): readonly Group[] {
  const names = new Set([...policies.values()].flatMap((policy) => policy.targets.map((one) => one.text)));
  return [...groups.values()].filter((group) => names.has(group.name));
}

function checkScalingGroups(scaled: readonly Group[], tree: GroupTree, draft: Draft, context: Context): void {
  const owners = new Map<string, string>();
  for (const group of scaled) {
    for (const member of group.members) {
      const owner = owners.get(member.text);
      if (owner !== undefined && owner !== group.name) {
        const message = `\`${member.text}\` is already in the scaling group \`${owner}\`.`;
        context.reporter.report('member-of-two-groups', member.at, message);
      }
      owners.set(member.text, group.name);
    }
    if (tree.nodesOf(group.name) === null) {
      context.reporter.report('group-cycle', group.at, `The group \`${group.name}\` contains itself.`);
    }
  }
  const groups = scaled.flatMap((group) => {
    const nodes = tree.nodesOf(group.name);
    return nodes === null ? [] : [{ group, nodes }];
  });
  const containers = new Map<string, readonly string[]>();
  const around = (node: string) => {
    const known = containers.get(node) ?? containersOf(node, draft);
    containers.set(node, known);
    return known;
  };
  const groupsOf = new Map<string, Set<string>>();
  for (const { group, nodes } of groups) {
    for (const node of nodes) groupsOf.set(node, (groupsOf.get(node) ?? new Set()).add(group.name));
  }
  for (const { group, nodes } of groups) {
    checkTogether(group, nodes, groupsOf, around, context);
  }
}

/**
 * Any two nodes of a group must be in a common container, or one in the other, or both in none; else one of
 * them must have a container for which that holds with the other, and which is in a group with it.
 */
function checkTogether(
  group: Group,
  nodes: ReadonlySet<string>,
  groupsOf: ReadonlyMap<string, ReadonlySet<string>>,
  around: (node: string) => readonly string[],
  context: Context,
): void {
  const roots = new Set([...nodes].map((name) => around(name).at(-1) ?? null));
  if (roots.size === 1) return;
  const names = onePerKind();
  const pairsThatFit = new Map<string, boolean>();
  for (const [position, one] of names.entries()) {
    const apart = names.slice(position + 1).find((other) => !fit(one, other));
    if (apart === undefined) continue;
    const message = `\`${one}\` and \`${apart}\` of the scaling group \`${group.name}\` are not contained in anything that they share.`;
    context.reporter.report('members-not-together', group.at, message);
    return;
  }

  /** Of nodes in the same container and the same groups, what holds of one holds of all. */
  function onePerKind(): readonly string[] {
    const kinds = new Map<string, string>();
    for (const name of nodes) {
      const place = around(name)[0] ?? (roots.has(name) ? name : null);
      const kind = JSON.stringify([place, ...(groupsOf.get(name) ?? [])]);
      if (!kinds.has(kind)) kinds.set(kind, name);
    }
    return [...kinds.values()];
  }

  function fit(one: string, other: string): boolean {
    const key = JSON.stringify([one, other]);
    const known = pairsThatFit.get(key) ?? (areTogether(one, other) || fitBySome(one, other));
    pairsThatFit.set(key, known);
    return known;
  }

  function fitBySome(one: string, other: string): boolean {
    const pairs = [
      ...around(one).map((container) => [container, other] as const),
      ...around(other).map((container) => [one, container] as const),
    ];
    return pairs.some(([first, second]) => areGrouped(first, second) && fit(first, second));
  }

  function areGrouped(one: string, other: string): boolean {
    const second = groupsOf.get(other);
    return [...(groupsOf.get(one) ?? [])].some((name) => second?.has(name) === true);
  }

  function areTogether(one: string, other: string): boolean {
    const [first, second] = [around(one), around(other)];
    if (first.length === 0 && second.length === 0) return true;
    return (first.at(-1) ?? one) === (second.at(-1) ?? other);
  }
}
