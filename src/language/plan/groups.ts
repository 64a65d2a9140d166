import { didYouMean } from '../diagnostics/suggest.ts';
import type { Blueprint } from '../sections/blueprint.ts';
import type { Context } from '../sections/context.ts';
import type { Group, Typed } from '../sections/groups.ts';
import type { PolicyType } from '../sections/policy-types.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Types } from '../types/resolve.ts';
import { bindValues } from '../types/values.ts';
import type { Draft } from './draft.ts';
import { isContainment } from './graph.ts';

/** Checks groups, what watches them and what scales them. */
export function checkGroups(blueprint: Blueprint, types: Types, draft: Draft, context: Context): void {
  for (const group of blueprint.groups.values()) {
    checkMembers(group, blueprint, context);
    for (const policy of group.policies) {
      checkTyped(policy, blueprint.policyTypes, 'unknown-policy-type', types, context);
      for (const trigger of policy.triggers) {
        checkTyped(trigger, blueprint.policyTriggers, 'unknown-trigger-type', types, context);
      }
    }
  }
  checkPolicies(blueprint, context);
  checkScalingGroups(scalingGroups(blueprint), blueprint, draft, context);
}

function checkMembers(group: Group, { groups, nodeTemplates }: Blueprint, context: Context): void {
  for (const member of group.members) {
    if (nodeTemplates.has(member.text) || groups.has(member.text)) continue;
    const hint = didYouMean(member.text, [...nodeTemplates.keys(), ...groups.keys()]);
    const message = `The group \`${group.name}\` has a member \`${member.text}\`, which is no node and no group.`;
    context.reporter.report('unknown-member', member.at, message, hint);
  }
}

function checkTyped(
  { at, type, values }: Typed,
  known: ReadonlyMap<string, PolicyType>,
  unknown: DiagnosticCode,
  { dataTypes }: Types,
  context: Context,
): void {
  if (type === null) return;
  const definition = known.get(type.text);
  if (definition === undefined) {
    const hint = didYouMean(type.text, known.keys());
    context.reporter.report(unknown, type.at, `\`${type.text}\` is not defined.`, hint);
    return;
  }
  bindValues(values, definition.schemas, {
    owner: `\`${type.text}\``,
    at,
    mayMiss: false,
    dataTypes,
    context,
  });
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

function scalingGroups({ policies, groups }: Blueprint): readonly Group[] {
  const names = new Set([...policies.values()].flatMap((policy) => policy.targets.map((one) => one.text)));
  return [...groups.values()].filter((group) => names.has(group.name));
}

function checkScalingGroups(
  scaled: readonly Group[],
  { groups, nodeTemplates }: Blueprint,
  draft: Draft,
  context: Context,
): void {
  const owners = new Map<string, string>();
  for (const group of scaled) {
    if (nodeTemplates.has(group.name)) {
      context.reporter.report(
        'group-named-as-node',
        group.at,
        `\`${group.name}\` is a node and a scaling group.`,
      );
    }
    for (const member of group.members) {
      const owner = owners.get(member.text);
      if (owner !== undefined && owner !== group.name) {
        const message = `\`${member.text}\` is already in the scaling group \`${owner}\`.`;
        context.reporter.report('member-of-two-groups', member.at, message);
      }
      owners.set(member.text, group.name);
    }
    const nodes = nodesOf(group, groups, new Set());
    if (nodes === null) {
      context.reporter.report('group-cycle', group.at, `The group \`${group.name}\` contains itself.`);
    } else checkTogether(group, nodes, draft, context);
  }
}

/** All nodes of a group and the groups in it; null when it contains itself. */
function nodesOf(
  group: Group,
  groups: ReadonlyMap<string, Group>,
  open: Set<string>,
): ReadonlySet<string> | null {
  if (open.has(group.name)) return null;
  open.add(group.name);
  const nodes = new Set<string>();
  for (const member of group.members) {
    const inner = groups.get(member.text);
    const found = inner === undefined ? [member.text] : nodesOf(inner, groups, open);
    if (found === null) return null;
    for (const node of found) nodes.add(node);
  }
  open.delete(group.name);
  return nodes;
}

/** Members that no other member contains must be contained in the same node, or all in none. */
function checkTogether(group: Group, nodes: ReadonlySet<string>, draft: Draft, context: Context): void {
  const outer = [...nodes].filter((name) => !containersOf(name, draft).some((one) => nodes.has(one)));
  const containers = new Set(outer.map((name) => containersOf(name, draft)[0] ?? null));
  if (containers.size <= 1) return;
  const names = [...containers].map((name) => (name === null ? 'nothing' : `\`${name}\``)).join(', ');
  const message = `The members of the scaling group \`${group.name}\` are contained in different things: ${names}.`;
  context.reporter.report('members-not-together', group.at, message);
}

/** What a node is contained in, the nearest first. */
function containersOf(name: string, draft: Draft): readonly string[] {
  const containers: string[] = [];
  for (let here: string | undefined = name; here !== undefined; ) {
    here = draft.get(here)?.relationships.find(isContainment)?.target;
    if (here === undefined || here === name || containers.includes(here)) break;
    containers.push(here);
  }
  return containers;
}
