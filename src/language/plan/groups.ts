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
    const nodes = tree.nodesOf(group.name);
    if (nodes === null) {
      context.reporter.report('group-cycle', group.at, `The group \`${group.name}\` contains itself.`);
    } else checkTogether(group, nodes, draft, context);
  }
}

/** Members that no other member contains must be contained in something that they share, or in nothing. */
function checkTogether(group: Group, nodes: ReadonlySet<string>, draft: Draft, context: Context): void {
  const outer = [...nodes].filter((name) => !containersOf(name, draft).some((one) => nodes.has(one)));
  const tops = new Set(outer.map((name) => containersOf(name, draft).at(-1) ?? null));
  if (tops.size <= 1) return;
  const names = [...tops].map((name) => (name === null ? 'nothing' : `\`${name}\``)).join(', ');
  const message = `The members of the scaling group \`${group.name}\` are contained in different things: ${names}.`;
  context.reporter.report('members-not-together', group.at, message);
}
