import { createCipheriv, randomBytes } from 'node:crypto';
import {
  ApplicationFailure,
  defaultPayloadConverter,
  type Payload,
  type SerializationContext,
} from '@temporalio/common';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindingOf, bindingText } from '../../src/connection/binding.ts';
import {
  createDataConverter,
  createWorkerDataConverter,
  dataConverter,
  operatorCodecs,
} from '../../src/connection/data-converter.ts';
import { encryptionCodec, type PayloadKeys } from '../../src/connection/encryption.ts';
import { lettingLook } from '../../src/connection/letting-in.ts';
import { keyId } from '../../src/connection/payload-cipher.ts';
import { isMeant, meant, purposeOf } from '../../src/contracts/meant.ts';
import { payloadConverter } from '../../src/contracts/payload-converter.ts';
import { isRefused } from '../../src/contracts/undecodable.ts';

/** Who takes what from where: the codecs of a worker, of a client and of the codec server, with one key. */

const newKey = () => randomBytes(32).toString('base64');
const [key, other] = [newKey(), newKey()];
const keys = { key, oldKeys: [] };
const client = createDataConverter(keys).payloadCodecs ?? [];
const worker = createWorkerDataConverter(keys, { plainStarts: false }).payloadCodecs ?? [];
const lenient = createWorkerDataConverter(keys, { plainStarts: true }).payloadCodecs ?? [];
const server = operatorCodecs(keys, 'default');

type Codecs = typeof server;
type Context = SerializationContext | undefined;

const workflow = (workflowId: string, namespace = 'default'): Context => ({
  type: 'workflow',
  namespace,
  workflowId,
});
const activity = (workflowId: string, activityId: string, namespace = 'default'): Context => ({
  type: 'activity',
  namespace,
  workflowId,
  activityId,
  isLocal: false,
});

const contexts: readonly (readonly [string, Context])[] = [
  ['the workflow', workflow('a')],
  ['another workflow', workflow('b')],
  ['a workflow of another namespace', workflow('a', 'other')],
  ['a step', activity('a', '1')],
  ['another step', activity('a', '2')],
  ['a step of another workflow', activity('b', '1')],
  ['a step in another namespace', activity('a', '1', 'other')],
  ['nowhere', undefined],
];

async function encoded(value: unknown, context: Context, codecs: Codecs = client): Promise<Payload> {
  let payloads: Payload[] = [payloadConverter.toPayload(value)];
  for (const codec of codecs) payloads = await codec.encode(payloads, context);
  return payloads[0] ?? {};
}

async function decoded(payload: Payload, context: Context, codecs: Codecs): Promise<unknown> {
  let payloads = [payload];
  for (const codec of codecs.toReversed()) payloads = await codec.decode(payloads, context);
  return payloadConverter.fromPayload(payloads[0] ?? {});
}

/** Where what was encrypted for one place is taken. */
async function takenAt(payload: Payload, codecs: Codecs): Promise<readonly string[]> {
  const taken = contexts.map(async ([name, context]) =>
    isRefused(await decoded(payload, context, codecs)) ? [] : [name],
  );
  return (await Promise.all(taken)).flat();
}

describe('a worker', () => {
  test.each(contexts)('takes what was encrypted for %s there and nowhere else', async (name, context) => {
    expect(await takenAt(await encoded('secret', context), worker)).toEqual([name]);
  });

  test('says of what it does not take where that belongs', async () => {
    const moved = await encoded('secret', workflow('a'));
    expect(await decoded(moved, workflow('b'), worker)).toMatchObject({
      undecodable: 'it was encrypted for {"namespace":"default","workflow":"a"}',
    });
  });

  test('takes what Braid’s own schedule starts, and of no other workflow', async () => {
    const time = '-2026-11-28T18:51:00Z';
    const scheduled = await encoded('x', workflow('heal:a:scheduled'));
    expect(await decoded(scheduled, workflow(`heal:a:scheduled${time}`), worker)).toBe('x');
    expect(isRefused(await decoded(scheduled, workflow('heal:a:scheduled-more'), worker))).toBe(true);
    const own = await encoded('x', workflow('heal:a'));
    expect(isRefused(await decoded(own, workflow(`heal:a${time}`), worker))).toBe(true);
  });

  test('takes nothing that is not encrypted', async () => {
    expect(await takenAt(payloadConverter.toPayload('typed'), worker)).toEqual([]);
  });

  test('takes such arguments for workflows alone where it is allowed', async () => {
    expect(await takenAt(payloadConverter.toPayload('typed'), lenient)).toEqual([
      'the workflow',
      'another workflow',
      'a workflow of another namespace',
    ]);
    const claimed = payloadConverter.toPayload(meant('activity kubernetes.apply', 'typed'));
    expect(purpose(await decoded(claimed, workflow('a'), lenient))).toBe('anything');
  });

  test('takes what an operator typed for any workflow of the namespace, and knows it by that', async () => {
    const typed = await encoded('x', undefined, server);
    expect(await takenAt(typed, worker)).toEqual(['the workflow', 'another workflow']);
    expect(purpose(await decoded(typed, workflow('a'), worker))).toMatch(/^typed at 2\d{3}-/);
    const claimed = await encoded(meant('workflow install', 'x'), undefined, server);
    expect(purpose(await decoded(claimed, workflow('a'), worker))).toMatch(/^typed at /);
  });

  test('is told what an argument is for, also of a large one', async () => {
    const large = 'x'.repeat(100_000);
    const argument = await encoded(meant('activity kubernetes.apply', large), activity('a', '1'));
    const back = await decoded(argument, activity('a', '1'), worker);
    expect([purpose(back), isMeant(back) && back.value]).toEqual(['activity kubernetes.apply', large]);
  });

  test('takes nothing that was changed', async () => {
    const { metadata, data } = await encoded('x', workflow('a'));
    const changed = { ...(metadata ? { metadata } : {}), data: Buffer.from(data ?? []).reverse() };
    expect(await takenAt(changed, worker)).toEqual([]);
  });
});

test('nothing that somebody makes up is taken by a worker, or stops it', async () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('binary/encrypted', 'binary/gzip', 'binary/refused', 'json/plain', 'anything', '{}'),
    fc.constantFrom(keyId(key), bindingText({ namespace: 'default', workflow: 'a' })),
  );
  const names = fc.constantFrom(
    'encoding',
    'encryption-key-id',
    'bound-to',
    'meant-for',
    'original-encoding',
  );
  const metadata = fc.dictionary(
    names,
    text.map((each) => Buffer.from(each)),
  );
  const payload = fc.record({ metadata, data: fc.uint8Array({ maxLength: 200 }) });
  const where = fc.constantFrom(...contexts.map(([, context]) => context));
  await fc.assert(
    fc.asyncProperty(payload, where, async (made, context) => {
      const back = await decoded(made, context, worker).catch((error: unknown) => error);
      expect(isRefused(back) || back).toSatisfy(isRefusedOrUnknownKey);
    }),
    { numRuns: 2_000 },
  );
});

function isRefusedOrUnknownKey(back: unknown): boolean {
  return back === true || (back instanceof ApplicationFailure && back.type === 'ConfigurationInvalid');
}

describe('a client', () => {
  test.each(contexts.slice(0, -1))('reads what was encrypted for %s there', async (name, context) => {
    const payload = await encoded('x', context);
    expect(await decoded(payload, context, client)).toBe('x');
    expect(await decoded(payload, undefined, client)).toBe('x');
    const elsewhere = contexts.find(([each]) => each !== name)?.[1];
    await expect(decoded(payload, elsewhere, client)).rejects.toMatchObject({ type: 'PayloadRefused' });
  });

  test('takes no result that is not encrypted', async () => {
    const read = decoded(payloadConverter.toPayload('x'), workflow('a'), client);
    await expect(read).rejects.toMatchObject({ type: 'PayloadRefused' });
  });
});

describe('the codec server', () => {
  test.each(contexts)('shows what belongs to %s', async (_name, context) => {
    expect(await decoded(await encoded('x', context), undefined, server)).toBe('x');
  });

  test('tells when something was changed', async () => {
    const { metadata, data } = await encoded('x', workflow('a'));
    const changed = { ...(metadata ? { metadata } : {}), data: Buffer.from(data ?? []).reverse() };
    await expect(decoded(changed, undefined, server)).rejects.toMatchObject({
      type: 'PayloadRefused',
      message: expect.stringContaining('was changed'),
    });
  });
});

describe('without a key', () => {
  test('nothing is encrypted, and everything taken', async () => {
    const none = createWorkerDataConverter({ key: undefined, oldKeys: [] }, { plainStarts: false });
    const payload = await encoded('x', workflow('a'), none.payloadCodecs ?? []);
    expect(payload).toEqual(defaultPayloadConverter.toPayload('x'));
    expect(await takenAt(payload, none.payloadCodecs ?? [])).toHaveLength(contexts.length);
  });

  test('what is encrypted is told with the id of its key', async () => {
    const read = decoded(await encoded('x', workflow('a')), workflow('a'), dataConverter.payloadCodecs ?? []);
    await expect(read).rejects.toMatchObject({
      type: 'ConfigurationInvalid',
      message: expect.stringContaining(`is encrypted with the key ${keyId(key)}, and no key is given`),
    });
  });
});

describe('a key that was replaced', () => {
  const rotated = createWorkerDataConverter({ key: other, oldKeys: [key] }, { plainStarts: false });
  const codecs = rotated.payloadCodecs ?? [];

  test('still reads, as strictly', async () => {
    expect(await takenAt(await encoded('x', activity('a', '1')), codecs)).toEqual(['a step']);
  });

  test('reads for workflows what an earlier version bound to nothing', async () => {
    const payload = earlier('x', key);
    const refused = contexts.map(async ([, context]) => isRefused(await decoded(payload, context, codecs)));
    expect(await Promise.all(refused)).toEqual([false, false, false, true, true, true, true, false]);
    await expect(decoded(payload, workflow('a'), worker)).rejects.toMatchObject({
      type: 'ConfigurationInvalid',
      message: expect.stringContaining('Make a new BRAID_PAYLOAD_KEY'),
    });
  });
});

test('the id of the key is that of the one which encrypts', () => {
  expect(idWith({ key: other, oldKeys: [key] })).toBe(keyId(other));
  expect(idWith({ key: undefined, oldKeys: [key] })).toBeUndefined();
});

function idWith(both: PayloadKeys): string | undefined {
  return encryptionCodec({ keys: both, bind: bindingOf, lettingIn: lettingLook }).keyId;
}

function purpose(value: unknown): string | undefined {
  return isMeant(value) ? purposeOf(value) : undefined;
}

/** As versions encrypted that did not bind yet. */
function earlier(value: unknown, by: string): Payload {
  const { data } = defaultPayloadConverter.toPayload(value);
  const head = Buffer.from(JSON.stringify({ encoding: Buffer.from('json/plain').toString('base64') }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(by, 'base64'), nonce, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(keyId(by)));
  const text = Buffer.concat([cipher.update(Buffer.concat([length, head, data ?? head])), cipher.final()]);
  return {
    metadata: {
      encoding: Buffer.from('binary/encrypted'),
      'encryption-key-id': Buffer.from(keyId(by)),
    },
    data: Buffer.concat([nonce, cipher.getAuthTag(), text]),
  };
}
