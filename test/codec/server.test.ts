import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Payload, type SerializationContext, defaultPayloadConverter } from '@temporalio/common';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type CodecServer, type CodecServerOptions, startCodecServer } from '../../src/codec/server.ts';
import { largestContent } from '../../src/connection/compression.ts';
import { createWorkerDataConverter, operatorCodecs } from '../../src/connection/data-converter.ts';
import { payloadConverter } from '../../src/contracts/payload-converter.ts';
import { isRefused } from '../../src/contracts/undecodable.ts';

const key = randomBytes(32).toString('base64');
const token = 'a-token-that-nobody-guesses';
const authorization = `Bearer ${token}`;
const ui = 'http://localhost:8233';

const servers: CodecServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const codecsOf = (payloadKey: string | undefined, namespace = 'default') =>
  operatorCodecs({ key: payloadKey, oldKeys: [] }, namespace);
const workerCodecs =
  createWorkerDataConverter({ key, oldKeys: [] }, { plainStarts: false }).payloadCodecs ?? [];

const codecsFor = (namespace?: string) => codecsOf(key, namespace);

async function start(options: Partial<CodecServerOptions> = {}): Promise<string> {
  const usual = { host: '127.0.0.1', port: 0, origins: [ui], token, codecsFor };
  const server = await startCodecServer({ ...usual, ...options });
  servers.push(server);
  return server.url;
}

/** Protobuf’s JSON, as the Web UI sends it. */
function jsonOf(payloads: readonly Payload[]): string {
  return JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
      ),
      data: base64(data),
    })),
  });
}

async function decoded(json: string, context: SerializationContext): Promise<unknown> {
  const [given] = parsedSchema.parse(JSON.parse(json)).payloads;
  const bytes = Object.entries(given?.metadata ?? {}).map(([name, value]) => [
    name,
    Buffer.from(value, 'base64'),
  ]);
  let payloads: Payload[] = [
    { metadata: Object.fromEntries(bytes), data: Buffer.from(given?.data ?? '', 'base64') },
  ];
  for (const codec of workerCodecs.toReversed()) payloads = await codec.decode(payloads, context);
  return payloadConverter.fromPayload(payloads[0] ?? {});
}

const parsedSchema = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.string()), data: z.string() })),
});

async function encoded(value: unknown): Promise<Payload[]> {
  let payloads: Payload[] = [defaultPayloadConverter.toPayload(value)];
  for (const codec of codecsOf(key)) payloads = await codec.encode(payloads);
  return payloads;
}

const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');

const post = (url: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', authorization, ...headers },
  });

const small = { greeting: 'hello' };
const large = { text: 'x'.repeat(100_000) };

describe('payloads', () => {
  test.each([
    ['small', small],
    ['compressed', large],
  ])('that are encrypted, and %s, are decoded', async (_what, value) => {
    const url = await start();
    const response = await post(`${url}/decode`, jsonOf(await encoded(value)));
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(jsonOf([defaultPayloadConverter.toPayload(value)]));
  });

  test.each<[Readonly<Record<string, string>>, string]>([
    [{ 'x-namespace': 'edge' }, 'edge'],
    [{}, 'default'],
  ])('are encoded such that only workflows of the namespace take them', async (headers, namespace) => {
    const url = await start();
    const plain = jsonOf([defaultPayloadConverter.toPayload(small)]);
    const sealed = await (await post(`${url}/encode`, plain, headers)).text();
    expect(sealed).not.toContain(Buffer.from('hello').toString('base64'));
    expect(await (await post(`${url}/default/decode`, sealed)).text()).toBe(plain);
    const context = { type: 'workflow', namespace, workflowId: 'any' } as const;
    expect(await decoded(sealed, context)).toMatchObject({ value: small });
    expect(isRefused(await decoded(sealed, { ...context, namespace: 'elsewhere' }))).toBe(true);
    expect(isRefused(await decoded(sealed, { ...context, type: 'activity', isLocal: false }))).toBe(true);
  });

  test('of another key are told with its id, not decoded', async () => {
    const url = await start({ codecsFor: () => codecsOf(undefined) });
    const response = await post(`${url}/decode`, jsonOf(await encoded(small)));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: 'ConfigurationInvalid',
      message: expect.stringContaining('no key is given'),
    });
  });

  test.each(['', 'null', '{"payloads": [{"data": "%"}]}'])('%j are none', async (body) => {
    const response = await post(`${await start()}/decode`, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'InvalidInput' });
  });

  test('that decompress into too much are refused, and so are too many', async () => {
    const url = await start();
    const bomb = {
      metadata: { encoding: Buffer.from('binary/gzip') },
      data: gzipSync(Buffer.alloc(largestContent / 2 + 1)),
    };
    expect((await post(`${url}/decode`, jsonOf([bomb]))).status).toBe(200);
    const together = await post(`${url}/decode`, jsonOf([bomb, bomb]));
    expect([together.status, await together.json()]).toEqual([
      400,
      { code: 'InvalidInput', message: expect.stringContaining('more than') },
    ]);
    const many = await post(`${url}/decode`, jsonOf(Array.from({ length: 5_001 }, () => ({ metadata: {} }))));
    expect([many.status, await many.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'InvalidInput' }),
    ]);
  });

  test('beyond 8 MB are refused', async () => {
    const response = await post(`${await start()}/decode`, ' '.repeat(9 * 1024 * 1024));
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('larger than') });
  });
});

describe('pages of a browser', () => {
  test('of the Web UI may ask, with credentials, after a preflight', async () => {
    const url = await start();
    const response = await fetch(`${url}/decode`, {
      method: 'OPTIONS',
      headers: { origin: ui, 'access-control-request-headers': 'content-type,x-namespace' },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': ui,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'content-type,x-namespace',
    });
  });

  test('of anywhere else are refused, also without a preflight', async () => {
    const url = await start();
    const body = jsonOf(await encoded(small));
    const response = await post(`${url}/decode`, body, { origin: 'https://elsewhere.example' });
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a token', () => {
  test('is asked for, and taken as a bearer’s', async () => {
    const url = await start();
    const body = jsonOf(await encoded(small));
    expect((await post(`${url}/decode`, body, { authorization: '' })).status).toBe(401);
    expect((await post(`${url}/decode`, body, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await post(`${url}/decode`, body)).status).toBe(200);
  });

  test('signs a browser in, by a cookie that its pages cannot read', async () => {
    const url = await start();
    expect(await (await fetch(url)).text()).toContain('<form method="post" action="sign-in">');
    const signIn = (given: string) => fetch(`${url}/sign-in`, { method: 'POST', body: `token=${given}` });
    expect((await signIn('wrong')).status).toBe(401);
    const cookie = (await signIn(token)).headers.get('set-cookie') ?? '';
    expect(cookie).toContain('HttpOnly; Path=/; SameSite=Strict');
    const [pair = ''] = cookie.split(';');
    const body = jsonOf(await encoded(small));
    expect((await post(`${url}/decode`, body, { authorization: '', cookie: pair, origin: ui })).status).toBe(
      200,
    );
  });
});

test('whether it is well is told to everybody, and nothing else is there', async () => {
  const url = await start();
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/decode`)).status).toBe(404);
});

test('a port that is taken is told', async () => {
  const { port } = new URL(await start());
  await expect(start({ port: Number(port) })).rejects.toMatchObject({ type: 'ConfigurationInvalid' });
});
