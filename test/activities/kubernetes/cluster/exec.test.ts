import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { runInPod } from '../../../../src/activities/kubernetes/cluster/exec.ts';
import { clusterAt, served, stopServers } from '../../../support/kubernetes-server.ts';

const never = new AbortController().signal;
const command = { namespace: 'default', pod: 'router', container: 'frr', command: ['sh', '-c', 'a b'] };
const closing: (() => void)[] = [];

afterEach(() => {
  stopServers();
  for (const close of closing.splice(0)) close();
});

/** A cluster that sends these frames, whatever is asked. */
async function sending(...frames: readonly Buffer[]) {
  return await upgrading((socket) => {
    socket.write(Buffer.concat(frames));
    if (frames.some(([first]) => first === 0x88)) socket.end();
  });
}

async function upgrading(act: (socket: Duplex, request: IncomingMessage) => void) {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const accept = acceptOf(request.headers['sec-websocket-key'] ?? '');
    socket.on('error', () => undefined);
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    closing.push(() => socket.destroy());
    act(socket, request);
  });
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return clusterAt(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
}

/** What a server makes of the key, to show that it speaks WebSocket. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function frame(payload: Buffer | string, first = 0x82): Buffer {
  const content = Buffer.from(payload);
  const size = Buffer.alloc(9);
  size.writeUInt8(127);
  size.writeBigUInt64BE(BigInt(content.length), 1);
  if (content.length < 126) return Buffer.concat([Buffer.from([first, content.length]), content]);
  return Buffer.concat([Buffer.from([first]), size, content]);
}

const success = frame('\u0003{"status":"Success"}');

describe('a command in a pod', () => {
  it('is asked for as it is, and gives what it printed', async () => {
    const asked = Promise.withResolvers<string>();
    const cluster = await upgrading((socket, request) => {
      asked.resolve(request.url ?? '');
      socket.write(Buffer.concat([frame('\u0001one '), frame('\u0002noise'), frame('\u0001two'), success]));
    });
    expect(await runInPod(cluster, command, never)).toBe('one two');
    expect(await asked.promise).toBe(
      '/api/v1/namespaces/default/pods/router/exec?container=frr&stdout=true&stderr=true&command=sh&command=-c&command=a+b',
    );
  });

  it('may come in fragments, with questions in between, in one message that is long', async () => {
    const long = 'x'.repeat(200_000);
    const cluster = await sending(
      frame('\u0001be', 0x02),
      frame('there?', 0x89),
      frame('gin', 0x80),
      frame(`\u0001${long}`),
      success,
    );
    expect(await runInPod(cluster, command, never)).toBe(`begin${long}`);
  });

  it('that failed tells its last words', async () => {
    const failed = frame('\u0003{"status":"Failure","message":"exit code 2"}');
    await expect(
      runInPod(await sending(frame('\u0002no vtysh'), failed), command, never),
    ).rejects.toMatchObject({
      type: 'NotReady',
      message: expect.stringContaining('no vtysh'),
    });
    await expect(runInPod(await sending(failed), command, never)).rejects.toThrow('exit code 2');
  });

  it('is not made worse by messages that nobody expects', async () => {
    const strange = ['', '\u0000in', '\u0007seven', '\u00ff', '\u00ff\u0001'].map((text) =>
      frame(Buffer.from(text, 'latin1')),
    );
    const text = frame('text', 0x81);
    expect(
      await runInPod(await sending(...strange, text, frame('\u0001well'), success), command, never),
    ).toBe('well');
  });

  it.each([
    ['a message without end', [Buffer.from([0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0])], 'more than is read'],
    [
      'too much of it',
      Array.from({ length: 20 }, () => frame(`\u0001${'x'.repeat(100_000)}`)),
      'more than 1 MiB',
    ],
    [
      'fragments without end',
      Array.from({ length: 20 }, (_part, index) => frame('x'.repeat(100_000), index === 0 ? 0x02 : 0x00)),
      'than is read',
    ],
    ['what is no frame', [Buffer.from([0x82, 0xff, 0, 0])], 'no frame'],
    ['a long question', [Buffer.from([0x89, 126, 1, 0])], 'no frame'],
    ['a status that is none', [frame('\u0003{"status"')], 'not understood'],
    ['an end without a status', [frame('\u0001x'), frame('', 0x88)], 'without telling how'],
  ])('that sends %s is Unreachable', async (_, frames, reason) => {
    await expect(runInPod(await sending(...frames), command, never)).rejects.toMatchObject({
      type: 'Unreachable',
      message: expect.stringContaining(reason),
    });
  });

  it('that is refused is told as the cluster tells it', async () => {
    const message = 'pods "router" not found';
    const cluster = await served((_, response) => {
      response.statusCode = 404;
      response.end(JSON.stringify({ kind: 'Status', reason: 'NotFound', message }));
    });
    await expect(runInPod(cluster, command, never)).rejects.toThrow(message);
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const cluster = await upgrading(() => stop.abort(new Error('cancelled')));
    await expect(runInPod(cluster, command, stop.signal)).rejects.toThrow('cancelled');
  });
});
