import type { Json } from '../../contracts/json.ts';
import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { listening } from '../diagnostics/recording.ts';
import { EvaluationError } from '../functions/evaluation-error.ts';
import { showPath } from '../functions/path.ts';
import { isPure, pureFunctions } from '../functions/pure.ts';
import type { Context } from '../sections/context.ts';
import { noMemory } from '../source/memory.ts';
import { entry, fromJson, mapNode, type Node, scalarNode, toJson } from '../source/node.ts';
import { createSizeOf } from '../source/size.ts';
import { isBasicType, mismatch } from '../types/basic-types.ts';
import { type Call, callNode, callOf, holdsCalls } from './calls.ts';
import { checkArguments } from './function-arguments.ts';
import { createIsCurrent, type LookUps, type Reads, trackReads, untracked } from './reads.ts';

/** Where SELF, SOURCE and TARGET lead; absent where they have no meaning. */
export type StaticScope = Readonly<Partial<Record<'SELF' | 'SOURCE' | 'TARGET', string>>>;

export type StaticValues = LookUps & {
  /** Whether the inputs have their values; if not, what depends on them may yet come right. */
  readonly bound: boolean;
};

/** Evaluates what is known before anything runs; what is not stays a function, with its arguments evaluated. */
export type StaticEvaluator = (value: Node, scope: StaticScope) => Node;

/** The evaluator with what it notes, so that work that would give the same is not done again. */
export type Evaluation = {
  readonly evaluate: StaticEvaluator;
  /** Nodes as `evaluate` sees them; what is looked up is noted likewise. */
  readonly node: LookUps['node'];
  readonly traced: <T>(work: () => T) => Traced<T>;
  /** Whether work of an earlier compile would give the same in this one; if so it counts as done. */
  readonly holds: (traced: Traced<unknown>) => boolean;
};
export type Traced<T> = { readonly result: T; readonly reads: Reads; readonly made: Made };
/** What evaluating made: values, and characters of texts. */
type Made = { values: number; characters: number };

/**
 * What evaluating may make: functions can multiply what a text says. In values, in characters of computed
 * texts, and in how many properties and inputs lead to each other.
 */
const limits = { value: 200_000, all: 20_000_000, characters: 100_000_000, depth: 500 } as const;

/** Leaves every function as it is. */
export const unevaluated: StaticEvaluator = (value) => value;

export function staticEvaluation(source: StaticValues, { reporter, ...rest }: Context): Evaluation {
  const { recorder, heard } = listening(reporter);
  const context = { ...rest, reporter: recorder };
  const tracker = rest.memory === noMemory ? untracked(source) : trackReads(source, heard);
  const values = { ...tracker.lookUps, bound: source.bound };
  const isCurrent = createIsCurrent(source);
  const properties = new Map<string, { readonly node: Node | null; readonly reads: Reads }>();
  const open = new Set<string>();
  const reading = new Set<string>();
  /** Of inputs that are defined by functions: what they are for a reader. */
  const inputs = new Map<string, { readonly found: Found; readonly reads: Reads }>();
  const sizeOf = createSizeOf();
  const made: Made = { values: 0, characters: 0 };

  function evaluate(value: Node, scope: StaticScope): Node {
    if (value.kind === 'scalar') return value;
    const call = callOf(value);
    if (call !== null) return evaluateCall(call, value, scope);
    if (!holdsCalls(value)) return value;
    if (value.kind === 'list') return { ...value, items: value.items.map((item) => evaluate(item, scope)) };
    const entries = [...value.entries.values()].map((one) =>
      entry(one.key, evaluate(one.value, scope), one.keyAt),
    );
    return { ...value, entries: new Map(entries.map((one) => [one.key, one])) };
  }

  function evaluateCall(call: Call, value: Node, scope: StaticScope): Node {
    const evaluated = { ...call, argument: evaluate(call.argument, scope) };
    const literal = evaluated.argument === call.argument;
    const unknown = literal ? value : callNode(evaluated);
    // The peer looks at a function of an input's default only when it is read.
    if ((!literal || context.compat) && !isWellFormed(evaluated)) return unknown;
    if (call.name === 'get_input') return readInput(evaluated, scope) ?? unknown;
    if (call.name === 'get_property') return readProperty(evaluated, literal, scope) ?? unknown;
    if (!isPure(call.name)) return unknown;
    if (!waits(evaluated)) return compute(evaluated, scope) ?? unknown;
    if (call.name !== 'concat' && call.name !== 'merge') checkWaits(evaluated);
    return unknown;
  }

  /** Arguments that are computed are known only now. */
  function isWellFormed(call: Call): boolean {
    const problem = checkArguments(call);
    if (problem === null) return true;
    // Of several texts, one that is none was a function's value.
    const code = call.name.startsWith('string_') && problem.at !== undefined ? undefined : problem.code;
    fail(call, `${call.name} takes ${problem.wanted}.`, code);
    return false;
  }

  /** The peer wants to compute these before anything runs; here they may wait for what is known only then. */
  function checkWaits(call: Call): void {
    if (!context.compat || !stepsOfAny(call.argument).some((step) => callOf(step) !== null)) return;
    fail(call, `${call.name} has an argument that is known only when it runs.`);
  }

  function compute(call: Call, scope: StaticScope): Node | null {
    if (!isPure(call.name)) return null;
    if (sizeOf(call.argument) > limits.value || made.characters > limits.characters) return tooMuch(call);
    try {
      const result = pureFunctions[call.name](argumentOf(call));
      if (typeof result === 'string') made.characters += result.length;
      return evaluate(fromJson(result, call.at), scope);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      fail(call, error.message, checkArguments(call)?.code);
      return null;
    }
  }

  function tooMuch(call: Call): null {
    fail(call, `${call.name} makes more of the blueprint than it may hold.`, 'too-much', true);
    return null;
  }

  function readInput(call: Call, scope: StaticScope): Node | null {
    checkWaits(call);
    const [name, ...path] = stepsOf(call.argument) ?? [];
    if (typeof name !== 'string') return null;
    const input = values.input(name);
    if (input === undefined) {
      if (!values.hasInput(name)) fail(call, `There is no input \`${name}\`.`, 'unknown-input');
      return null;
    }
    if (reading.has(name)) {
      fail(call, `The input \`${name}\` reads itself.`, 'property-cycle');
      return null;
    }
    if (isTooDeep(call)) return null;
    const found = inputAt(name, input, path, scope);
    if (found.kind === 'value' && sizeOf(found.node) > limits.value) return tooMuch(call);
    if (found.kind === 'value')
      return typed(call, context.compat ? asGiven(input, path) : found.node, found.node);
    if (found.kind === 'missing') {
      const code = found.in.kind === 'scalar' ? 'evaluation-failed' : 'input-path';
      fail(call, `The input \`${name}\` has nothing at ${showPath(path)}.`, code);
    }
    return null;
  }

  function inputAt(name: string, input: Node, path: Steps, scope: StaticScope): Found {
    const key = JSON.stringify([name, path, scope.SELF, scope.SOURCE, scope.TARGET]);
    const known = inputs.get(key);
    if (known !== undefined) {
      tracker.used(known.reads);
      return known.found;
    }
    reading.add(name);
    const { result: found, reads } = tracker.during(() => walkInput(input, path, scope));
    reading.delete(name);
    // What is plain data is found as fast anew.
    if (found.kind === 'value' && input !== found.node) inputs.set(key, { found, reads });
    return found;
  }

  /** Each that leads to another is a call inside of a call here. */
  function isTooDeep(call: Call): boolean {
    if (open.size + reading.size < limits.depth) return false;
    const message = `Properties and inputs lead to each other more than ${limits.depth} times.`;
    fail(call, message, 'property-cycle', true);
    return true;
  }

  function readProperty(call: Call, literal: boolean, scope: StaticScope): Node | null {
    checkWaits(call);
    const [first, ...path] = stepsOf(call.argument) ?? [];
    if (typeof first !== 'string' || path.length === 0) return null;
    const node = first === 'SELF' || first === 'SOURCE' || first === 'TARGET' ? scope[first] : first;
    if (node === undefined) {
      fail(call, `${first} has no meaning where this is read.`, 'misplaced-reference');
      return null;
    }
    if (!values.hasNode(node)) {
      fail(call, `There is no node \`${node}\`.`, 'unknown-node');
      return null;
    }
    const found = propertyAt(node, path, call);
    if (found?.kind === 'missing') {
      fail(
        call,
        `The node \`${node}\` has no property \`${showPath(path)}\`.`,
        undefined,
        literal || values.bound,
      );
    }
    return found?.kind === 'value' ? found.node : null;
  }

  function propertyAt(node: string, path: Steps, call: Call): Found | null {
    const key = JSON.stringify([node, ...path]);
    const known = properties.get(key);
    if (known !== undefined) {
      tracker.used(known.reads);
      return known.node === null ? { kind: 'unknown' } : { kind: 'value', node: known.node };
    }
    if (open.has(key)) {
      const circle = [...open].slice([...open].indexOf(key)).map(showKey);
      const message = `Properties lead in a circle: ${[...circle, showKey(key)].join(' → ')}.`;
      context.reporter.report('property-cycle', call.at, message);
      return null;
    }
    if (isTooDeep(call)) return null;
    open.add(key);
    const { result: found, reads } = tracker.during(() => lookUp(node, path, call));
    open.delete(key);
    if (found.kind !== 'missing') {
      properties.set(key, { node: found.kind === 'value' ? found.node : null, reads });
    }
    return found;
  }

  function lookUp(node: string, path: Steps, call: Call): Found {
    const property = values.property(node, String(path[0]));
    if (property === undefined) return { kind: 'missing', in: mapNode([], call.at) };
    const found = walk(property, path.slice(1), { SELF: node });
    if (found.kind === 'value' && sizeOf(found.node) > limits.value) {
      tooMuch(call);
      return { kind: 'unknown' };
    }
    // What only run time knows is read then, from its own node; the peer copies the function.
    const late = found.kind === 'value' && !context.compat && holdsCalls(found.node);
    return late ? { kind: 'unknown' } : found;
  }

  /** The peer follows a path through what is given for an input without evaluating anything. */
  function walkInput(start: Node, path: Steps, scope: StaticScope): Found {
    if (!context.compat || !values.bound) return walk(start, path, scope);
    let here = start;
    for (const step of path) {
      const next = itemOf(here, step);
      if (next === undefined) return { kind: 'missing', in: here };
      here = next;
    }
    return { kind: 'value', node: evaluate(here, scope) };
  }

  /** Follows a path through a value, evaluating only the functions in its way. */
  function walk(start: Node, path: Steps, scope: StaticScope): Found {
    let here = start;
    let computed = false;
    for (const step of path) {
      computed ||= callOf(here) !== null;
      if (callOf(here) !== null) here = evaluate(here, scope);
      if (callOf(here) !== null) return { kind: 'unknown' };
      const next = itemOf(here, step);
      if (next === undefined)
        return computed && !values.bound ? { kind: 'unknown' } : { kind: 'missing', in: here };
      here = next;
    }
    return { kind: 'value', node: evaluate(here, scope) };
  }

  /** `judged`: the peer judges a function that is given for an input, and not its value. */
  function typed(call: Call, judged: Node, value: Node): Node {
    const later = !context.compat && holdsCalls(judged);
    const problem = call.type === null || later ? null : misfit(judged, call.type);
    if (problem !== null) fail(call, `The value of ${call.name} ${problem}.`, 'wrong-input-function');
    return value;
  }

  /** The peer knows no values of data types here. */
  function misfit(value: Node, type: string): string | null {
    if (isBasicType(type)) return mismatch(value, type);
    return context.compat ? `cannot be of the type ${type}` : null;
  }

  /** `certain`: whether it fails with any inputs. */
  function fail(
    call: Call,
    message: string,
    code: DiagnosticCode = 'evaluation-failed',
    certain = values.bound,
  ): void {
    if (certain && !context.reporter.failedWithin(call.at)) context.reporter.report(code, call.at, message);
  }

  return {
    evaluate(value, scope) {
      const result = evaluate(value, scope);
      if (result === value) return value;
      made.values += sizeOf(result);
      if (made.values <= limits.all) return result;
      const message = `With its functions evaluated the blueprint has more than ${limits.all} values.`;
      context.reporter.report('too-much', value.at, message);
      return scalarNode(null, value.at);
    },
    node: values.node,
    traced(work) {
      const before = { ...made };
      const traced = tracker.during(work);
      const [more, longer] = [made.values - before.values, made.characters - before.characters];
      return { ...traced, made: { values: more, characters: longer } };
    },
    holds(traced) {
      if (!isCurrent(traced.reads)) return false;
      made.values += traced.made.values;
      made.characters += traced.made.characters;
      return true;
    },
  };
}

/** Whether what a call computes with is known only later. What is inside of maps `merge` just carries over. */
function waits({ name, argument }: Call): boolean {
  if (name !== 'merge' || argument.kind !== 'list') return holdsCalls(argument);
  return argument.items.some((item) => callOf(item) !== null);
}

/** What `concat` joins keeps the point of a number that was written with one. */
function argumentOf({ name, argument }: Call): Json {
  if (name !== 'concat' || argument.kind !== 'list') return toJson(argument);
  return argument.items.map((item) => {
    const pointed = item.kind === 'scalar' && item.float && Number.isInteger(item.value);
    return pointed ? `${item.value}.0` : toJson(item);
  });
}

function asGiven(start: Node, path: Steps): Node {
  return path.reduce((here, step) => itemOf(here, step) ?? here, start);
}

type Steps = readonly (string | number)[];
type Found =
  | { readonly kind: 'value'; readonly node: Node }
  /** `in`: the value that has nothing there. */
  | { readonly kind: 'missing'; readonly in: Node }
  /** Depends on what only run time knows. */
  | { readonly kind: 'unknown' };

function stepsOfAny(argument: Node): readonly Node[] {
  return argument.kind === 'list' ? argument.items : [argument];
}

function stepsOf(argument: Node): Steps | null {
  const steps: (string | number)[] = [];
  for (const item of stepsOfAny(argument)) {
    const told: Json = toJson(item);
    // As the peer counts.
    const step = typeof told === 'boolean' ? Number(told) : told;
    if (typeof step !== 'string' && typeof step !== 'number') return null;
    steps.push(step);
  }
  return steps;
}

function itemOf(node: Node, step: string | number): Node | undefined {
  if (node.kind === 'map') return node.entries.get(String(step))?.value;
  return node.kind === 'list' && typeof step === 'number' ? node.items.at(step) : undefined;
}

function showKey(key: string): string {
  const steps: unknown = JSON.parse(key);
  return Array.isArray(steps) ? steps.join('.') : key;
}
