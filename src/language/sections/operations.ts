import { child, type Entry, isNull, type Node } from '../source/node.ts';
import type { Place } from '../source/place.ts';
import {
  booleanOf,
  type Context,
  fieldsOf,
  isInteger,
  mapOf,
  type Name,
  keyNeedsVersion,
  tableOf,
  textOf,
  wrong,
} from './context.ts';
import { readSchemas, type Schema } from './schema.ts';

/** An operation as a file declares it. A type gives schemas for its inputs, a template gives values. */
export type Operation<Input> = {
  /** `interface.operation` */
  readonly name: string;
  readonly at: Place;
  /** Null: not told. An empty text: no implementation. */
  readonly implementation: Name | null;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly settings: OperationSettings;
  /** Nothing at all is told, as by `{}` or an empty text: in a template, the type's operation is taken away. */
  readonly empty: boolean;
};
export type OperationSettings = {
  readonly executor: Name | null;
  readonly maxRetries: number | null;
  readonly retryInterval: number | null;
  readonly timeout: number | null;
  /** Whether an attempt that took too long is tried again. */
  readonly timeoutRecoverable: boolean | null;
};
export type TypeOperation = Operation<Schema>;
export type TemplateOperation = Operation<Entry>;
/** By full name. */
export type Operations<Input> = ReadonlyMap<string, Operation<Input>>;

export function readTypeInterfaces(node: Node | null, what: string, context: Context): Operations<Schema> {
  return readInterfaces(node, what, context, (inputs, owner) =>
    readSchemas(inputs, owner, context, 'operation'),
  );
}

export function readTemplateInterfaces(node: Node | null, what: string, context: Context): Operations<Entry> {
  return readInterfaces(node, what, context, (inputs, owner) =>
    tableOf(inputs, owner, context, (one) => one),
  );
}

type ReadInputs<Input> = (inputs: Node | null, what: string) => ReadonlyMap<string, Input>;

function readInterfaces<Input>(
  node: Node | null,
  what: string,
  context: Context,
  readInputs: ReadInputs<Input>,
): Operations<Input> {
  const operations = new Map<string, Operation<Input>>();
  if (node === null) return operations;
  for (const one of mapOf(node, `The interfaces of ${what}`, context).entries.values()) {
    for (const operation of mapOf(one.value, `The interface \`${one.key}\``, context).entries.values()) {
      const name = `${one.key}.${operation.key}`;
      operations.set(name, readOperation(name, operation, context, readInputs));
    }
  }
  return operations;
}

const keys = [
  'implementation',
  'inputs',
  'executor',
  'max_retries',
  'retry_interval',
  'timeout',
  'timeout_recoverable',
];
const noSettings: OperationSettings = {
  executor: null,
  maxRetries: null,
  retryInterval: null,
  timeout: null,
  timeoutRecoverable: null,
};

function readOperation<Input>(
  name: string,
  { keyAt, value }: Entry,
  context: Context,
  readInputs: ReadInputs<Input>,
): Operation<Input> {
  const bare = { name, at: keyAt, inputs: new Map<string, Input>(), settings: noSettings };
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    return { ...bare, implementation: { text: value.value, at: value.at }, empty: value.value === '' };
  }
  const fields = fieldsOf(value, `The operation \`${name}\``, keys, context);
  const implementation = textOf(
    child(fields, 'implementation'),
    `The implementation of \`${name}\``,
    context,
  );
  const inputs = readInputs(child(fields, 'inputs'), `The inputs of \`${name}\``);
  const settings = readSettings(fields.entries, name, context);
  const isSet = Object.values(settings).some((setting) => setting !== null);
  const empty = (implementation?.text ?? '') === '' && inputs.size === 0 && !isSet;
  return { ...bare, implementation, inputs, settings, empty };
}

function readSettings(
  entries: ReadonlyMap<string, Entry>,
  name: string,
  context: Context,
): OperationSettings {
  for (const key of ['max_retries', 'retry_interval']) {
    keyNeedsVersion(1, entries.get(key), `\`${key}\``, context);
  }
  const number = (key: string, least: number, whole: boolean) =>
    readNumber(entries.get(key)?.value ?? null, `\`${key}\` of \`${name}\``, least, whole, context);
  return {
    executor: readExecutor(entries.get('executor')?.value ?? null, name, context),
    maxRetries: number('max_retries', -1, true),
    retryInterval: number('retry_interval', 0, false),
    timeout: number('timeout', 0, false),
    timeoutRecoverable: recoverable(entries.get('timeout_recoverable')?.value ?? null, name, context),
  };
}

function recoverable(node: Node | null, name: string, context: Context): boolean | null {
  if (node === null || isNull(node)) return null;
  return booleanOf(node, `timeout_recoverable of \`${name}\``, true, context);
}

const executors = ['central_deployment_agent', 'host_agent'];

function readExecutor(node: Node | null, name: string, context: Context): Name | null {
  const executor = textOf(node, `The executor of \`${name}\``, context);
  const known = context.compat ? executors : [...executors, 'auto'];
  if (executor !== null && !known.includes(executor.text)) {
    const message = `The operation \`${name}\` has an unknown executor \`${executor.text}\`.`;
    context.reporter.report('invalid-executor', executor.at, message);
  }
  return executor;
}

function readNumber(
  node: Node | null,
  what: string,
  least: number,
  whole: boolean,
  context: Context,
): number | null {
  if (node === null || isNull(node)) return null;
  const value = node.kind === 'scalar' ? node.value : null;
  if (typeof value !== 'number' || (whole && !isInteger(node))) {
    wrong(node, what, whole ? 'an integer' : 'a number', context);
    return null;
  }
  if (value >= least) return value;
  context.reporter.report('invalid-retries', node.at, `${what} must be at least ${least}, not ${value}.`);
  return null;
}
