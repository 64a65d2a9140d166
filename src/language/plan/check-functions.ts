import { didYouMean, suggest } from '../diagnostics/suggest.ts';
import { functionNames, functionTable } from '../functions/names.ts';
import { type Context, needsVersion } from '../sections/context.ts';
import { describe, type Node } from '../source/node.ts';
import { type Call, callOf } from './calls.ts';

/** What functions may refer to. */
export type Known = {
  readonly inputs: { readonly has: (name: string) => boolean; readonly keys: () => Iterable<string> };
  readonly nodes: { readonly has: (name: string) => boolean; readonly keys: () => Iterable<string> };
  /** Inputs that some function reads; filled as functions are checked. */
  readonly usedInputs: Set<string>;
};
/** Where a value stands: that decides which of SELF, SOURCE and TARGET mean something. */
export type Where = 'node' | 'relationship' | 'elsewhere';

/** Checks every function in a value: its version, arguments and names. Tells what looks like one and is none. */
export function checkFunctions(value: Node, where: Where, known: Known, context: Context): void {
  if (value.kind === 'scalar') return checkText(value, context);
  if (value.kind === 'list') {
    for (const item of value.items) checkFunctions(item, where, known, context);
    return;
  }
  const call = callOf(value);
  if (call !== null) checkCall(call, where, known, context);
  else checkMisspelt(value, context);
  for (const one of value.entries.values()) checkFunctions(one.value, where, known, context);
}

function checkCall(call: Call, where: Where, known: Known, context: Context): void {
  needsVersion(functionTable[call.name].since, call.at, call.name, context);
  switch (call.name) {
    case 'get_input':
      return checkInput(call, known, context);
    case 'get_property':
    case 'get_attribute':
    case 'get_attributes_list':
    case 'get_attributes_dict':
      return checkReference(call, where, known, context);
    case 'get_capability':
    case 'get_group_capability':
      return checkNames(call, context);
    case 'concat':
    case 'merge':
      if (call.argument.kind !== 'list' && callOf(call.argument) === null)
        wrongArguments(call, 'a list', context);
      return;
    case 'get_environment_capability':
      if (call.argument.kind === 'map' && callOf(call.argument) === null) {
        wrongArguments(call, 'a name or a list', context);
      }
      return;
    case 'get_sys':
      return checkSystem(call, context);
    case 'string_find':
      return checkCount(call, 2, 2, context);
    case 'string_replace':
      return checkCount(call, 3, 4, context);
    case 'string_split':
      return checkCount(call, 2, 3, context);
    default:
  }
}

function checkInput(call: Call, known: Known, context: Context): void {
  const first = call.argument.kind === 'list' ? call.argument.items[0] : call.argument;
  if (first === undefined) return wrongArguments(call, 'the name of an input', context);
  if (callOf(first) !== null) return;
  if (first.kind !== 'scalar' || typeof first.value !== 'string') {
    return wrongArguments(call, 'the name of an input', context);
  }
  known.usedInputs.add(first.value);
  if (known.inputs.has(first.value)) return;
  const hint = didYouMean(first.value, known.inputs.keys());
  context.reporter.report('unknown-input', first.at, `There is no input \`${first.value}\`.`, hint);
}

function checkReference(call: Call, where: Where, known: Known, context: Context): void {
  const items = call.argument.kind === 'list' ? call.argument.items : [];
  const [first] = items;
  if (first === undefined || items.length < 2) {
    return wrongArguments(call, 'a list of a node and a path', context);
  }
  if (callOf(first) !== null) return;
  if (first.kind !== 'scalar' || typeof first.value !== 'string') {
    return wrongArguments(call, 'a list that begins with a node', context);
  }
  const name = first.value;
  if (name === 'SELF' || name === 'SOURCE' || name === 'TARGET') {
    const fits = name === 'SELF' ? where === 'node' : where === 'relationship';
    if (!fits) context.reporter.report('misplaced-reference', first.at, misplaced(name, where));
  } else if (!known.nodes.has(name)) {
    const hint = didYouMean(name, known.nodes.keys());
    context.reporter.report('unknown-node', first.at, `There is no node \`${name}\`.`, hint);
  }
}

function misplaced(name: string, where: Where): string {
  if (where === 'node') return `${name} has no meaning in a node; use SELF or the name of a node.`;
  if (where === 'relationship') return `${name} has no meaning in a relationship; use SOURCE or TARGET.`;
  return `${name} has no meaning here; use the name of a node.`;
}

function checkNames(call: Call, context: Context): void {
  if (callOf(call.argument) !== null) return;
  const items = call.argument.kind === 'list' ? call.argument.items : [];
  if (items.length < 2) wrongArguments(call, 'a list of two names or more', context);
  const plain = items.every((item, index) => index === 1 || item.kind === 'scalar' || callOf(item) !== null);
  if (!plain) wrongArguments(call, 'names, keys and indices', context);
}

const system = new Map([
  ['tenant', ['name']],
  ['deployment', ['id', 'name', 'blueprint', 'owner']],
]);

function checkSystem(call: Call, context: Context): void {
  const items = call.argument.kind === 'list' ? call.argument.items : [];
  const [entity, property] = items.map((item) => (item.kind === 'scalar' ? String(item.value) : ''));
  const known = system.get(entity ?? '');
  if (items.length === 2 && known?.includes(property ?? '') === true) return;
  wrongArguments(call, '[tenant, name] or [deployment, id | name | blueprint | owner]', context);
}

function checkCount(call: Call, least: number, most: number, context: Context): void {
  if (callOf(call.argument) !== null) return;
  const count = call.argument.kind === 'list' ? call.argument.items.length : 0;
  if (count >= least && count <= most) return;
  wrongArguments(call, `a list of ${least === most ? least : `${least} or ${most}`}`, context);
}

function wrongArguments(call: Call, wanted: string, context: Context): void {
  const message = `${call.name} takes ${wanted}, not ${describe(call.argument)}.`;
  context.reporter.report('invalid-arguments', call.argument.at, message);
}

function checkMisspelt(value: Node & { kind: 'map' }, context: Context): void {
  const [only, ...others] = value.entries.values();
  if (only === undefined || others.length > 0 || !/^(?:get|string|conc|mer)/i.test(only.key)) return;
  const meant = suggest(only.key, functionNames);
  if (meant === null) return;
  const message = `\`${only.key}\` is no function, so this is taken as data.`;
  context.reporter.report('misspelt-function', only.keyAt, message, `Did you mean \`${meant}\`?`);
}

const callInText = new RegExp(`\\{\\s*(${functionNames.join('|')})\\s*:`);

function checkText(value: Node & { kind: 'scalar' }, context: Context): void {
  if (!value.block || typeof value.value !== 'string') return;
  const name = callInText.exec(value.value)?.[1];
  if (name === undefined) return;
  context.reporter.report('function-in-text', value.at, `${name} inside this block of text stays text.`);
}
