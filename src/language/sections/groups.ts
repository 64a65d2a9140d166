import { child, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import { type Context, fieldsOf, listOf, missingKey, type Name, tableOf, textOf } from './context.ts';

/** Nodes and other groups that are scaled or watched together. */
export type Group = { readonly name: string; readonly at: Place; readonly members: readonly Name[] };
export type Policy = {
  readonly name: string;
  readonly at: Place;
  readonly type: Name | null;
  readonly targets: readonly Name[];
  readonly properties: Node | null;
};

export function readGroups(node: Node | null, context: Context): ReadonlyMap<string, Group> {
  return tableOf(node, 'groups', context, ({ key, keyAt, value }) => {
    const fields = fieldsOf(value, `The group \`${key}\``, ['members', 'policies'], context);
    const members = child(fields, 'members');
    if (members === null) missingKey('members', keyAt, `The group \`${key}\``, context);
    return { name: key, at: keyAt, members: namesOf(members, `The members of \`${key}\``, context) };
  });
}

export function readPolicies(node: Node | null, context: Context): ReadonlyMap<string, Policy> {
  return tableOf(node, 'policies', context, ({ key, keyAt, value }) => {
    const fields = fieldsOf(value, `The policy \`${key}\``, ['type', 'targets', 'properties'], context);
    const targets = namesOf(child(fields, 'targets'), `The targets of \`${key}\``, context);
    if (targets.length === 0) {
      context.reporter.report('no-targets', keyAt, `The policy \`${key}\` has no targets.`);
    }
    return {
      name: key,
      at: keyAt,
      type: textOf(child(fields, 'type'), `The type of the policy \`${key}\``, context),
      targets,
      properties: child(fields, 'properties'),
    };
  });
}

function namesOf(node: Node | null, what: string, context: Context): readonly Name[] {
  return listOf(node, what, context).flatMap((item) => textOf(item, what, context) ?? []);
}
