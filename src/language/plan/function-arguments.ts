import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { FunctionName } from '../functions/names.ts';
import type { Node } from '../source/node.ts';
import { isInteger } from '../sections/context.ts';
import { asFunction, type Call } from './calls.ts';

/** `at`: which argument; absent: all of them together. */
export type ArgumentProblem = {
  readonly code: DiagnosticCode;
  readonly wanted: string;
  readonly at?: Node;
};
type Rule = (argument: Node) => ArgumentProblem | null;

/** What is wrong with the arguments of a call, as far as their form tells; null when nothing is. */
export function checkArguments({ name, argument }: Call): ArgumentProblem | null {
  return rules[name](argument);
}

const pathOfNode = path('a list of a node and a path', 2);
const capability = path('a list of a deployment, a capability and a path', 2);

const rules: Readonly<Record<FunctionName, Rule>> = {
  get_input: (argument) => {
    return isText(argument) || isCall(argument)
      ? null
      : path('the name of an input, or a list of it and a path', 1)(argument);
  },
  get_property: pathOfNode,
  get_attribute: pathOfNode,
  get_attributes_list: pathOfNode,
  get_attributes_dict: attributesDict,
  get_secret: (argument) => {
    const wanted = 'a name, a function, or a list of a name and a path';
    const fits =
      isText(argument) || isCall(argument) || (argument.kind === 'list' && argument.items.length > 1);
    return fits ? null : { code: 'illegal-argument', wanted };
  },
  get_capability: capability,
  get_group_capability: (argument) => {
    const [first, second, ...rest] = itemsOf(argument);
    const whole = first === undefined || second === undefined || second.kind === 'list' ? argument : null;
    if (whole === null || first === undefined || second === undefined) return capability(argument);
    return [first, ...rest].every(isStep)
      ? null
      : { code: 'invalid-arguments', wanted: 'names, keys and indices' };
  },
  get_environment_capability: (argument) => {
    const wanted = 'a name, or a list of it and a path';
    if (isText(argument)) return null;
    const items = itemsOf(argument);
    if (items.length < 2) return { code: 'illegal-argument', wanted };
    return items.every(isStep) ? null : { code: 'invalid-arguments', wanted };
  },
  get_label: (argument) => {
    const items = itemsOf(argument);
    const [key, index] = items;
    if (isText(argument) || isCall(argument)) return null;
    const indexed = items.length === 2 && key !== undefined && (isText(key) || isCall(key)) && isIndex(index);
    return indexed ? null : { code: 'illegal-argument', wanted: 'a key, or a list of a key and an index' };
  },
  get_sys: path('a list of an entity and its property', 2),
  get_consumers: (argument) => {
    const known = argument.kind === 'scalar' && ['ids', 'names', 'count'].includes(String(argument.value));
    return known ? null : { code: 'invalid-arguments', wanted: 'one of ids, names, count' };
  },
  concat: (argument) => (argument.kind === 'list' ? null : { code: 'invalid-arguments', wanted: 'a list' }),
  merge: (argument) => {
    if (argument.kind !== 'list') return { code: 'invalid-arguments', wanted: 'a list' };
    const wrong = argument.items.find((item) => item.kind !== 'map');
    return wrong === undefined ? null : { code: 'illegal-argument', wanted: 'maps', at: wrong };
  },
  string_find: texts(2, 2, null),
  string_replace: texts(3, 4, 3),
  string_split: texts(2, 3, 2),
  string_lower: oneText,
  string_upper: oneText,
};

/** A list of names, keys, indices and functions. */
function path(wanted: string, least: number): Rule {
  return (argument) => {
    const items = itemsOf(argument);
    if (argument.kind !== 'list' || items.length < least) return { code: 'invalid-arguments', wanted };
    const wrong = items.find((item) => !isStep(item));
    return wrong === undefined
      ? null
      : { code: 'invalid-arguments', wanted: 'names, keys and indices', at: wrong };
  };
}

function attributesDict(argument: Node): ArgumentProblem | null {
  const wanted = 'a list of a node and at least one path';
  const [node, ...paths] = itemsOf(argument);
  if (node === undefined || paths.length === 0 || !isStep(node)) return { code: 'invalid-arguments', wanted };
  const names = new Set<string>();
  for (const one of paths) {
    const steps = one.kind === 'list' ? one.items : [one];
    const wrong = steps.length === 0 ? one : steps.find((step) => !isStep(step));
    if (wrong !== undefined)
      return { code: 'invalid-arguments', wanted: 'names, keys and indices', at: wrong };
    const name = steps.map((step) => (step.kind === 'scalar' ? String(step.value) : '{}')).join('.');
    if (names.has(name)) return { code: 'evaluation-failed', wanted: 'each path once', at: one };
    names.add(name);
  }
  return null;
}

/** Texts, and an integer at `integerAt`. */
function texts(least: number, most: number, integerAt: number | null): Rule {
  const count = least === most ? `${least}` : `${least} or ${most}`;
  return (argument) => {
    const items = itemsOf(argument);
    if (items.length < least || items.length > most) {
      return { code: 'illegal-argument', wanted: `a list of ${count}` };
    }
    for (const [position, item] of items.entries()) {
      const integer = position === integerAt;
      const fits = isCall(item) || (integer ? isInteger(item) || isNothing(item) : isText(item));
      if (!fits) return { code: 'illegal-argument', wanted: integer ? 'an integer' : 'a text', at: item };
    }
    return null;
  };
}

function oneText(argument: Node): ArgumentProblem | null {
  return isText(argument) || isCall(argument) ? null : { code: 'illegal-argument', wanted: 'a text' };
}

function itemsOf(argument: Node): readonly Node[] {
  return argument.kind === 'list' ? argument.items : [];
}

function isStep(node: Node): boolean {
  return (
    isCall(node) ||
    isText(node) ||
    isInteger(node) ||
    (node.kind === 'scalar' && typeof node.value === 'boolean')
  );
}

function isCall(node: Node): boolean {
  return asFunction(node) !== null;
}

function isText(node: Node): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

function isIndex(node: Node | undefined): boolean {
  return (
    node !== undefined && (isInteger(node) || (node.kind === 'scalar' && /^\d+$/.test(String(node.value))))
  );
}

function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}
