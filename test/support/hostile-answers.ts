import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import { noopMetricMeter } from '@temporalio/common';
import * as fc from 'fast-check';
import type { Operation } from '../../src/activities/operation.ts';
import { operationActivity, type Services } from '../../src/activities/run-operation.ts';
import { runScript } from '../../src/activities/scripts/operation.ts';
import { failure } from '../../src/contracts/failure.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import type { OperationOrder, OperationReport } from '../../src/contracts/operation.ts';
import type { InstanceRecord } from '../../src/contracts/record.ts';
import { seal, secretReference, type Value, type ValueMap } from '../../src/contracts/sealed.ts';
import { evaluate, EvaluationError, type RuntimeScope } from '../../src/language/functions/index.ts';
import { changedInstance } from '../../src/workflows/deployment/record.ts';
import { readOnlyJournal } from '../../src/workflows/lifecycle/journal.ts';
import { createRun } from '../../src/workflows/lifecycle/run.ts';
import { scopeOf } from '../../src/workflows/lifecycle/scope.ts';
import type { SecretStore } from '../../src/store/secrets.ts';
import { hostView, instanceView } from './operation.ts';
import { instanceRecord, planOf } from './plans.ts';

/**
 * A host answers a script with anything; the operation, the record and the next operation, which reads all that was
 * told, are the real ones. Only SSH and the store are not.
 */

/** What the script was given, and what it must never get. */
const given = 'the-password-that-was-given';
const secrets: Readonly<Record<string, string>> = {
  'own/given': given,
  'own/admin': 'the-operators-own-password',
  'made/chain/host_1/ssh-key': 'the-key-of-the-machine-itself',
  'made/other/host_2/kubeconfig': 'the-kubeconfig-of-another-deployment',
};
const forbidden = Object.values(secrets).filter((value) => value !== given);

const names = [...Object.keys(secrets), 'admin', 'ssh', 'adopted', 'kept', 'next'];
const functions = [
  'get_secret',
  'get_attribute',
  'get_property',
  'get_capability',
  'get_input',
  'concat',
  'merge',
];
const word = fc.oneof(
  fc.constantFrom(...names, given, 'SELF', 'host', 'x', '__proto__', 'constructor', '\u001b[2J'),
  fc.string({ maxLength: 20 }),
);
const scalar = fc.oneof(word, fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
const huge = fc.integer({ min: 1, max: 40_000 }).map((length) => 'long '.repeat(length));

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { weight: 6, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.dictionary(word, tie('value'), { maxKeys: 4 }) },
    {
      weight: 4,
      arbitrary: fc
        .tuple(fc.constantFrom(...functions), fc.oneof(word, fc.array(word, { maxLength: 3 }), tie('value')))
        .map(([name, argument]) => ({ [name]: argument })),
    },
  ),
})).value;

const side = fc.constantFrom('self', 'source', 'target', '', 'other');
const change = fc.oneof(
  fc.record({ set: json, key: word, scope: side }),
  fc.record({ secret: fc.constant(true), key: word, scope: side }),
  fc.record({ returns: json }),
  fc.record({ abort: word }),
  fc.record({ retry: word }),
  fc.record({ log: word, level: word }),
  json,
);
const ended = fc.record({
  state: fc.constant('ended'),
  status: fc.constantFrom(0, 0, 0, 1, 255, 1e9),
  output: fc.oneof({ weight: 30, arbitrary: word }, { weight: 1, arbitrary: huge }),
  changes: fc.array(change, { maxLength: 6 }),
  secrets: fc.dictionary(word, word, { maxKeys: 2 }),
});
const told = fc.record({ set: json, key: word, scope: fc.constant('self') });

/** The text of an answer: mostly such as the host's program gives, then anything, cut, or nested without end. */
export const answers: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .tuple(ended, fc.array(told, { maxLength: 4 }))
      .map(([answer, changes]) => JSON.stringify({ ...answer, status: 0, changes })),
  },
  { weight: 8, arbitrary: ended.map((answer) => JSON.stringify(answer)) },
  { weight: 2, arbitrary: json.map((value) => JSON.stringify(value)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 90, max: 50_000 }).map((depth) => {
      const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      return `{"state":"ended","status":0,"output":"","secrets":{},"changes":[{"set":${deep},"key":"x","scope":"self"}]}`;
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(ended, fc.nat(200)).map(([answer, end]) => JSON.stringify(answer).slice(0, end)),
  },
);

/** Lets a host answer so, and throws when a secret was asked for or told that is none of its business. */
export async function mustBeHarmless(text: string): Promise<void> {
  const asked: string[] = [];
  const kept = new Map(Object.entries(secrets));
  const services = servicesWith(text, kept, asked);
  const script = operationActivity(runScript, services);
  const outcome = await settled(() => script(scriptOrder));
  mustNotTell(outcome.told);
  if (outcome.report === undefined) return;
  const host: InstanceRecord = changedInstance(instanceRecord('host'), {
    id: 'host_1',
    ...(outcome.report.runtimeProperties === undefined
      ? {}
      : { runtimeProperties: outcome.report.runtimeProperties }),
  });
  asked.length = 0;
  const heard: JsonObject[] = [];
  const listen: Operation = async ({ inputs, subject }) => {
    heard.push(inputs);
    return { runtimeProperties: { heard: inputs }, result: JSON.stringify(subject).length };
  };
  const report = await settled(() => operationActivity(listen, services)(listenerOrder(host)));
  mustNotTell(JSON.stringify([heard, report.told]));
  const wrong = asked.filter((name) => name !== 'own/given' && !name.startsWith('made/chain/host_1/'));
  if (wrong.length > 0) throw new Error(`It made Braid read ${wrong.join(', ')}.`);
}

function mustNotTell(text: string): void {
  const leaked = forbidden.find((secret) => text.includes(secret));
  if (leaked !== undefined) throw new Error(`It got ${leaked}.`);
}

type Settled = { readonly told: string; readonly report: OperationReport | undefined };

async function settled(call: () => Promise<unknown>): Promise<Settled> {
  try {
    const answer = await asyncLocalStorage.run(activityContext(), call);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an operation's activity returns
    return { told: JSON.stringify(answer), report: answer as OperationReport };
  } catch (error) {
    if (!(error instanceof Error) || !('type' in error)) throw error;
    // One that is no answer of a host's, but a mistake of ours.
    if (error.type === 'Internal') throw error;
    return { told: JSON.stringify([error.message, error]), report: undefined };
  }
}

const step = {
  deployment: 'chain',
  execution: 'install:chain:1',
  blueprint: `sha256:${'0'.repeat(64)}`,
  operation: 'cloudify.interfaces.lifecycle.create',
  implementation: 'scripts.run',
  idempotencyKey: 'key',
  adopt: false,
};
const ssh: ValueMap = {
  host: '10.0.0.1',
  user: 'ops',
  host_key: 'ssh-ed25519 AAAA',
  key: secretReference('made/chain/host_1/ssh-key'),
};
const scriptOrder: OperationOrder = {
  ...step,
  inputs: seal({ script_source: 'true', password: secretReference('own/given') }),
  subject: seal({
    kind: 'node',
    self: {
      ...instanceView({ id: 'host_1', node: 'host' }),
      host: { ...hostView({}), runtimeProperties: { ssh } },
    },
  }),
};

const run = (host: InstanceRecord) =>
  createRun({
    deployment: 'chain',
    execution: 'install:chain:1',
    kind: 'install',
    plan: planOf({ host: { properties: { text: { get_secret: 'given' } } }, next: {} }),
    blueprint: '',
    adopt: false,
    journal: readOnlyJournal([host, instanceRecord('next')]),
    lenient: false,
    window: 1,
  });

/** Reads all that the host has told, as a blueprint may. */
function listenerOrder(host: InstanceRecord): OperationOrder {
  const scopeOfNext = scopeOf(run(host), { self: 'next_1' });
  const read = Object.keys(host.runtimeProperties).map((name) => ({ get_attribute: ['host', name] }));
  const texts: readonly Json[] = [
    ...read,
    ...read.map((one) => ({ concat: ['<', one, '>'] })),
    ...read.map((one) => ({ merge: [{ a: one }] })),
    { get_property: ['host', 'text'] },
    { get_attributes_list: ['host', 'x'] },
    { get_attribute: ['host', 'x', 'get_secret'] },
    { get_secret: { get_attribute: ['host', 'x'] } },
  ];
  const inputs = { all: texts.map((text) => evaluatedOr(text, scopeOfNext)) };
  return { ...step, implementation: 'listen', inputs: seal(inputs), subject: scriptOrder.subject };
}

function evaluatedOr(text: Json, scope: RuntimeScope): Value {
  try {
    return evaluate(text, scope);
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}

function servicesWith(text: string, kept: Map<string, string>, asked: string[]): Services {
  const connection = { run: () => Promise.resolve({ status: 0, stdout: text, stderr: '' }) };
  const pool = { connect: () => Promise.resolve(connection), close: () => Promise.resolve() };
  const store: SecretStore = {
    get: async (name) => {
      asked.push(name);
      const value = kept.get(name);
      if (value === undefined) throw failure('SecretNotFound', `There is no secret ${name}.`);
      return value;
    },
    put: async (name, value) => void kept.set(name, value),
    ensure: async () => Promise.reject(new Error('no script makes a secret so')),
    remove: async (name) => void kept.delete(name),
    list: async (prefix) => [...kept.keys()].filter((name) => name.startsWith(prefix)),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a script needs no more of a worker
  return { ssh: pool, secrets: store, blueprints: {} } as unknown as Services;
}

const nothing = (): void => undefined;

/** Temporal's testing package has one too, but this is made a hundred thousand times. */
function activityContext(): Context {
  const log = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- operations ask for no more of it
  const info = { attempt: 1 } as Info;
  const never = new Promise<never>(nothing);
  return new Context(info, never, new AbortController().signal, nothing, undefined, log, noopMetricMeter, {});
}
