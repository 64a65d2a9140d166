import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { child, type Entry, isNull, type MapNode, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import {
  type Context,
  fieldsOf,
  lacks,
  listOf,
  missingKey,
  type Name,
  tableOf,
  textOf,
  wrong,
} from './context.ts';
import type { Entries } from './node-templates.ts';
import { type InstancesTemplate, readScalable } from './scalable.ts';

/** Nodes and other groups that are scaled or watched together. */
export type Group = {
  readonly name: string;
  readonly at: Place;
  readonly members: readonly Name[];
  readonly policies: readonly GroupPolicy[];
  readonly body: Node;
};
/** Something with a type and values for its schemas. */
export type Typed = {
  readonly name: string;
  readonly at: Place;
  readonly type: Name | null;
  readonly values: Entries;
};
export type GroupPolicy = Typed & { readonly triggers: readonly Typed[] };
export type Policy = {
  readonly name: string;
  readonly at: Place;
  readonly type: Name | null;
  readonly targets: readonly Name[];
  readonly instances: InstancesTemplate;
};

export function readGroups(node: Node | null, context: Context): ReadonlyMap<string, Group> {
  return tableOf(node, 'groups', context, ({ key, keyAt, value }) => {
    const fields = fieldsOf(value, `The group \`${key}\``, ['members', 'policies'], context);
    const members = child(fields, 'members');
    if (members === null || isNull(members)) missingKey('members', keyAt, `The group \`${key}\``, context);
    else if (members.kind === 'list' && members.items.length === 0) {
      wrong(members, `The members of \`${key}\``, 'a list of at least one', context);
    }
    const policies = tableOf(child(fields, 'policies'), `The policies of \`${key}\``, context, (one) =>
      readGroupPolicy(one, context),
    );
    return {
      name: key,
      at: keyAt,
      body: value,
      members: namesOf(members, `The members of \`${key}\``, 'unknown-member', context),
      policies: [...policies.values()],
    };
  });
}

function readGroupPolicy(one: Entry, context: Context): GroupPolicy {
  const what = `The policy \`${one.key}\``;
  const fields = fieldsOf(one.value, what, ['type', 'properties', 'triggers'], context);
  const triggers = tableOf(
    child(fields, 'triggers'),
    `The triggers of \`${one.key}\``,
    context,
    (trigger) => {
      const inner = fieldsOf(
        trigger.value,
        `The trigger \`${trigger.key}\``,
        ['type', 'parameters'],
        context,
      );
      return readTyped(trigger, inner, 'parameters', context);
    },
  );
  return { ...readTyped(one, fields, 'properties', context), triggers: [...triggers.values()] };
}

function readTyped(one: Entry, fields: MapNode, valuesKey: string, context: Context): Typed {
  const type = textOf(child(fields, 'type'), `The type of \`${one.key}\``, context);
  if (lacks(fields, 'type')) missingKey('type', one.keyAt, `\`${one.key}\``, context);
  const values = tableOf(
    child(fields, valuesKey),
    `The ${valuesKey} of \`${one.key}\``,
    context,
    (entry) => entry,
  );
  return { name: one.key, at: one.keyAt, type, values };
}

export function readPolicies(node: Node | null, context: Context): ReadonlyMap<string, Policy> {
  return tableOf(node, 'policies', context, ({ key, keyAt, value }) => {
    const fields = fieldsOf(value, `The policy \`${key}\``, ['type', 'targets', 'properties'], context);
    const what = `The policy \`${key}\``;
    for (const name of ['type', 'targets']) {
      if (lacks(fields, name)) missingKey(name, keyAt, what, context);
    }
    const targets = namesOf(child(fields, 'targets'), `The targets of \`${key}\``, 'unknown-group', context);
    if (targets.length === 0 && child(fields, 'targets')?.kind === 'list') {
      context.reporter.report('no-targets', keyAt, `The policy \`${key}\` has no targets.`);
    }
    return {
      name: key,
      at: keyAt,
      type: textOf(child(fields, 'type'), `The type of the policy \`${key}\``, context),
      targets,
      instances: readScalable(child(fields, 'properties'), key, context),
    };
  });
}

/** `unknown`: how an item without a name is told, which can be no thing that exists. */
function namesOf(
  node: Node | null,
  what: string,
  unknown: DiagnosticCode,
  context: Context,
): readonly Name[] {
  return listOf(node, what, context).flatMap((item) => {
    if (isNull(item)) context.reporter.report(unknown, item.at, `${what} have an item without a name.`);
    return textOf(item, what, context) ?? [];
  });
}
