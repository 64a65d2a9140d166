import { didYouMean, suggest } from '../diagnostics/suggest.ts';
import { functionNames, functionTable } from '../functions/names.ts';
import type { Context } from '../sections/context.ts';
import { describe, type MapNode, type Node } from '../source/node.ts';
import { type Call, callOf } from './calls.ts';
import { type ArgumentProblem, checkArguments } from './function-arguments.ts';

/** What functions may refer to. */
export type Known = {
  readonly inputs: { readonly has: (name: string) => boolean; readonly keys: () => Iterable<string> };
  readonly nodes: { readonly has: (name: string) => boolean; readonly keys: () => Iterable<string> };
  /** Inputs that some function reads; filled as functions are checked. */
  readonly usedInputs: Set<string>;
};
/**
 * Where a value stands: that decides which of SELF, SOURCE and TARGET mean something. `anywhere`: it is read
 * from other places, where all may.
 */
export type Where = 'node' | 'relationship' | 'outputs' | 'elsewhere' | 'anywhere';

/** Checks every function in a value: its version, arguments and names. Tells what looks like one and is none. */
export function checkFunctions(value: Node, where: Where, known: Known, context: Context): void {
  if (value.kind === 'scalar') return checkText(value, context);
  if (value.kind === 'list') {
    for (const item of value.items) checkFunctions(item, where, known, context);
    return;
  }
  const call = callOf(value);
  if (call !== null) checkHidden(value, call, context);
  if (call === null) checkMisspelt(value, context);
  else {
    const problem = checkArguments(call);
    if (problem !== null) report(call, problem, context);
    if (checkVersion(call, context) && problem === null) checkNames(call, where, known, context);
    if (call.name === 'get_secret' && !context.compat) checkSecretName(call.argument, context);
  }
  for (const one of value.entries.values()) checkFunctions(one.value, where, known, context);
}

/** Of two functions in one map only the last counts. */
function checkHidden(value: MapNode, { name }: Call, context: Context): void {
  for (const { key, keyAt } of value.entries.values()) {
    if (key === name || key === 'type') continue;
    const message = `\`${key}\` is in one map with \`${name}\`, and only that counts.`;
    context.reporter.report('hidden-function', keyAt, message);
  }
}

/** What a host or another deployment tells must not choose which secret is read. */
function checkSecretName(argument: Node, context: Context): void {
  const inner = callOf(argument);
  if (inner !== null && functionTable[inner.name].stage === 'runtime') {
    const message = `The name of a secret is computed by ${inner.name}, from what is only known at run time.`;
    context.reporter.report('computed-secret-name', inner.at, message);
    return;
  }
  if (argument.kind === 'list') for (const item of argument.items) checkSecretName(item, context);
  if (argument.kind === 'map') {
    for (const { value } of argument.entries.values()) checkSecretName(value, context);
  }
}

function checkVersion(call: Call, context: Context): boolean {
  const { since } = functionTable[call.name];
  if (context.version >= since || call.at.file.catalogue) return true;
  const message = `${call.name} needs cloudify_dsl_1_${since}; this blueprint is cloudify_dsl_1_${context.version}.`;
  context.reporter.report('function-too-new', call.at, message);
  return false;
}

function report({ name, argument }: Call, problem: ArgumentProblem, context: Context): void {
  const message = `${name} takes ${problem.wanted}, not ${describe(problem.at ?? argument)}.`;
  context.reporter.report(problem.code, (problem.at ?? argument).at, message);
}

/** Checks the inputs, nodes and other things that a call with well formed arguments names. */
function checkNames(call: Call, where: Where, known: Known, context: Context): void {
  switch (call.name) {
    case 'get_input':
      return checkInput(call, known, context);
    case 'get_property':
    case 'get_attribute':
    case 'get_attributes_list':
    case 'get_attributes_dict':
      return checkReference(call, where, known, context);
    case 'get_sys':
      return checkSystem(call, context);
    default:
  }
}

function checkInput(call: Call, known: Known, context: Context): void {
  const first = call.argument.kind === 'list' ? call.argument.items[0] : call.argument;
  if (first === undefined || callOf(first) !== null) return;
  const name = first.kind === 'scalar' ? String(first.value) : '';
  known.usedInputs.add(name);
  if (known.inputs.has(name)) return;
  const hint = didYouMean(name, known.inputs.keys());
  context.reporter.report('unknown-input', first.at, `There is no input \`${name}\`.`, hint);
}

function checkReference(call: Call, where: Where, known: Known, context: Context): void {
  const [first, ...path] = call.argument.kind === 'list' ? call.argument.items : [];
  // What functions name is known only when they are evaluated.
  if (first === undefined || [first, ...path].some((item) => callOf(item) !== null)) return;
  const name = first.kind === 'scalar' ? String(first.value) : '';
  if (name === 'SELF' || name === 'SOURCE' || name === 'TARGET') {
    if (where === 'anywhere' || where === (name === 'SELF' ? 'node' : 'relationship')) return;
    const strict = call.name === 'get_property' || where !== 'elsewhere';
    context.reporter.report(
      strict ? 'misplaced-reference' : 'unknown-node',
      first.at,
      misplaced(name, where),
    );
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

const system = new Map([
  ['tenant', ['name']],
  ['deployment', ['id', 'name', 'blueprint', 'owner']],
]);

function checkSystem(call: Call, context: Context): void {
  const [entity, property] = call.argument.kind === 'list' ? call.argument.items : [];
  if (entity === undefined || property === undefined || callOf(entity) !== null) return;
  const name = entity.kind === 'scalar' ? String(entity.value) : '';
  const properties = system.get(name);
  if (properties === undefined) {
    const message = `get_sys knows ${[...system.keys()].join(' and ')}, not ${describe(entity)}.`;
    context.reporter.report('unknown-system-entity', entity.at, message, didYouMean(name, system.keys()));
    return;
  }
  if (callOf(property) !== null) return;
  const wanted = property.kind === 'scalar' ? String(property.value) : '';
  if (properties.includes(wanted)) return;
  const message = `get_sys knows ${properties.join(', ')} of ${name}, not ${describe(property)}.`;
  context.reporter.report('unknown-system-property', property.at, message, didYouMean(wanted, properties));
}

function checkMisspelt(value: MapNode, context: Context): void {
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
