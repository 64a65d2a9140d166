import { functionKey } from '../functions/names.ts';
import type { Entry, Node } from '../source/node.ts';
import { isBasicType } from '../types/basic-types.ts';

export const delimiter = '--';

/** The file with everything that can be referred to renamed to `namespace--name`. */
export function prefixNames(root: Node, namespace: string): Node {
  return namespace === '' ? root : changeFields(root, rulesFor(namespace));
}

/** Names with the prefixes of namespaces taken away one by one, the whole name first. */
export function withoutNamespaces(name: string): readonly string[] {
  const parts = name.split(delimiter);
  return parts.map((_, index) => parts.slice(index).join(delimiter));
}

type Change = (node: Node) => Node;
type Rules = Readonly<Record<string, Change>>;

/** How each section of a file, and each part of it, changes. */
function rulesFor(namespace: string): Rules {
  // What ships with Braid or Cloudify has one name everywhere.
  const rename = (name: string) =>
    /^(?:cloudify|braid)\./.test(name) ? name : `${namespace}${delimiter}${name}`;
  const name: Change = (node) => changeText(node, rename);
  const names: Change = (node) => changeItems(node, name);
  const dataType: Change = (node) => changeText(node, (text) => (isBasicType(text) ? text : rename(text)));
  const values: Change = (node) => renameReferences(node, rename);
  const schemas: Change = (node) =>
    changeEach(node, (one) => changeFields(one, { type: dataType, item_type: dataType, default: values }));
  const interfaces = (inputs: Change): Change => {
    const operation: Change = (node) =>
      node.kind === 'scalar' ? implementation(node) : changeFields(node, { implementation, inputs });
    return (node) => changeEach(node, (one) => changeEach(one, operation));
  };
  const implementation: Change = (node) =>
    changeText(node, (text) => (text === '' || text.includes('\n') ? text : rename(text)));
  const named =
    (rules: Rules): Change =>
    (node) =>
      changeEach(changeKeys(node, rename), (one) => changeFields(one, rules));
  const typed = { derived_from: name, properties: schemas };
  const relationship = {
    type: name,
    target: name,
    properties: values,
    source_interfaces: interfaces(values),
    target_interfaces: interfaces(values),
  };
  const trigger = { type: name, parameters: values };
  const policy = {
    type: name,
    properties: values,
    triggers: named(trigger),
  };
  return {
    metadata: (node) => changeKeys(node, rename),
    inputs: (node) => changeKeys(schemas(node), rename),
    outputs: named({ value: values }),
    capabilities: named({ value: values }),
    data_types: named(typed),
    node_types: named({ ...typed, interfaces: interfaces(schemas) }),
    relationships: named({
      ...typed,
      source_interfaces: interfaces(schemas),
      target_interfaces: interfaces(schemas),
    }),
    node_templates: named({
      type: name,
      properties: values,
      interfaces: interfaces(values),
      relationships: (node) => changeItems(node, (one) => changeFields(one, relationship)),
      instances: values,
      capabilities: values,
    }),
    plugins: named({}),
    workflows: (node) =>
      changeEach(changeKeys(node, rename), (one) =>
        one.kind === 'scalar'
          ? implementation(one)
          : changeFields(one, { mapping: implementation, parameters: schemas }),
      ),
    groups: named({
      members: names,
      policies: named(policy),
    }),
    labels: (node) => changeEach(changeKeys(node, rename), values),
    blueprint_labels: (node) => changeKeys(node, rename),
    resource_tags: (node) => changeKeys(node, rename),
    namespaces_mapping: (node) => changeKeys(node, rename),
    policies: named({ targets: names, properties: values }),
    policy_types: named({ properties: schemas }),
    policy_triggers: named({ parameters: schemas }),
  };
}

const aboutNodes = new Set(['get_property', 'get_attribute', 'get_attributes_list', 'get_attributes_dict']);
const relative = new Set(['SELF', 'SOURCE', 'TARGET']);

/** Renames the inputs and nodes that functions name, anywhere in a value. */
function renameReferences(node: Node, rename: (name: string) => string): Node {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'list') return changeItems(node, (item) => renameReferences(item, rename));
  const inside = changeEach(node, (one) => renameReferences(one, rename));
  const called = functionKey(node.entries.keys());
  const first: Change = (one) => changeText(one, (text) => (relative.has(text) ? text : rename(text)));
  if (called === 'get_input') return changeFields(inside, { get_input: (one) => changeFirst(one, first) });
  if (called === null || !aboutNodes.has(called)) return inside;
  return changeFields(inside, { [called]: (one) => (one.kind === 'list' ? changeFirst(one, first) : one) });
}

function changeFirst(node: Node, change: Change): Node {
  if (node.kind !== 'list') return change(node);
  return { ...node, items: node.items.map((item, index) => (index === 0 ? change(item) : item)) };
}

function changeText(node: Node, change: (text: string) => string): Node {
  return node.kind === 'scalar' && typeof node.value === 'string'
    ? { ...node, value: change(node.value) }
    : node;
}

function changeItems(node: Node, change: Change): Node {
  return node.kind === 'list' ? { ...node, items: node.items.map(change) } : node;
}

function changeEach(node: Node, change: Change): Node {
  return changeEntries(node, (one) => ({ ...one, value: change(one.value) }));
}

function changeKeys(node: Node, rename: (name: string) => string): Node {
  return changeEntries(node, (one) => ({ ...one, key: rename(one.key) }));
}

function changeFields(node: Node, rules: Rules): Node {
  return changeEntries(node, (one) => {
    const rule = Object.hasOwn(rules, one.key) ? rules[one.key] : undefined;
    return rule === undefined ? one : { ...one, value: rule(one.value) };
  });
}

function changeEntries(node: Node, change: (one: Entry) => Entry): Node {
  if (node.kind !== 'map') return node;
  const entries = [...node.entries.values()].map(change);
  return { ...node, entries: new Map(entries.map((one) => [one.key, one])) };
}
