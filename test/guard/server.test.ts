import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../lab/ports.ts';
import { type Guard, startGuard } from '../../src/guard/server.ts';

const open: (Guard | Server)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Where a server listens that does this with what it is asked. */
async function startBehind(serve: RequestListener = echo): Promise<string> {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const echo: RequestListener = (asked, answer) => {
  const { method, url, headers } = asked;
  answer.writeHead(201, { 'x-own': 'told' });
  void text(asked).then((body) => answer.end(JSON.stringify({ method, url, host: headers.host, body })));
};

async function guarded(to: string, as?: string): Promise<string> {
  const port = await freePort();
  const hosts = [`127.0.0.1:${port}`];
  const listen = { host: '127.0.0.1', port };
  open.push(await startGuard({ listen, to, hosts, json: true, ...(as === undefined ? {} : { as }) }));
  return `http://127.0.0.1:${port}`;
}

const post = (url: string, type: string) =>
  fetch(`${url}/way?query=1`, { method: 'POST', body: '{"a":1}', headers: { 'content-type': type } });

test('passes on what is asked, and what is answered', async () => {
  const to = await startBehind();
  const response = await post(await guarded(to), 'application/json');
  expect([response.status, response.headers.get('x-own')]).toEqual([201, 'told']);
  expect(await response.json()).toEqual({
    method: 'POST',
    url: '/way?query=1',
    host: new URL(to).host,
    body: '{"a":1}',
  });
});

test('asks under the name that it was given', async () => {
  const response = await post(await guarded(await startBehind(), 'secret.invalid'), 'application/json');
  expect(await response.json()).toMatchObject({ host: 'secret.invalid' });
});

test('asks nothing for what it refuses, and says why', async () => {
  let asked = 0;
  const behind = await startBehind(() => {
    asked += 1;
  });
  const response = await post(await guarded(behind), 'text/plain');
  expect([response.status, await response.json(), asked]).toEqual([
    403,
    { message: 'Only application/json is taken.' },
    0,
  ]);
});

test('says when nobody is behind it, and goes on', async () => {
  const url = await guarded('http://127.0.0.1:9');
  for (const status of [502, 502]) expect((await post(url, 'application/json')).status).toBe(status);
});

test('ends what is asked when nobody waits for it any more', async () => {
  const { promise: came, resolve } = Promise.withResolvers<IncomingMessage>();
  const asking = request(await guarded(await startBehind(resolve))).on('error', () => undefined);
  asking.end();
  const { socket } = await came;
  const closed = once(socket, 'close');
  asking.destroy();
  await closed;
  expect(socket.destroyed).toBe(true);
});

test('a port that is taken is told', async () => {
  const { port } = new URL(await startBehind());
  const listen = { host: '127.0.0.1', port: Number(port) };
  await expect(
    startGuard({ listen, to: 'http://127.0.0.1:9', hosts: [], json: false }),
  ).rejects.toMatchObject({
    type: 'ConfigurationInvalid',
  });
});
