import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/client/connect.ts';
import { readProfile } from '../../src/connection/profile.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { braid, type Running, start } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';

/** A real Temporal server behind TLS with certificates on both sides, reached by the standard profile alone. */

let station: Station;
let folder: string;
let [ours, foreign]: readonly Certificates[] = [];
let front: Server;
let address: string;
let worker: Running | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-tls-'));
  station = await startStation();
  const [one, other] = await Promise.all([mkdtemp(join(folder, 'ours-')), mkdtemp(join(folder, 'foreign-'))]);
  [ours, foreign] = [makeCertificates(one), makeCertificates(other)];
  front = await terminateTls(ours, station.temporal.address);
  const listening = front.address();
  address = `localhost:${typeof listening === 'object' ? listening?.port : ''}`;
}, 120_000);
afterAll(async () => {
  worker?.child.kill('SIGTERM');
  await worker?.ended;
  front?.close();
  await station?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function terminateTls(certificates: Certificates, target: string): Promise<Server> {
  const [ca, cert, key] = await Promise.all(
    [certificates.ca, certificates.server, certificates.serverKey].map((path) => readFile(path)),
  );
  const [host, port] = target.split(':');
  const server = createServer(
    { ca, cert, key, requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
    (socket) => {
      const plain = connectTcp({ host, port: Number(port) });
      socket.pipe(plain).pipe(socket);
      for (const end of [socket, plain]) end.on('error', () => [socket, plain].map((each) => each.destroy()));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const variables = (trusted = ours, shown = ours) => ({
  ...station.environment,
  TEMPORAL_ADDRESS: address,
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: trusted?.ca,
  TEMPORAL_TLS_CLIENT_CERT_PATH: shown?.client,
  TEMPORAL_TLS_CLIENT_KEY_PATH: shown?.clientKey,
});

test('a worker and the command work by the variables', { timeout: 180_000 }, async () => {
  worker = start('src/worker.ts', [], variables(), station.folder);
  await worker.said('worker ready');
  expect(await braid(['install', 'safe', 'tiny/blueprint.yaml'], variables())).toMatchObject({ status: 0 });
});

test('the command works by a file', { timeout: 120_000 }, async () => {
  const file = join(folder, 'temporal.toml');
  const lines = [
    '[profile.default]',
    `address = "${address}"`,
    '[profile.default.tls]',
    `server_ca_cert_path = "${ours?.ca}"`,
    `client_cert_path = "${ours?.client}"`,
    `client_key_path = "${ours?.clientKey}"`,
  ];
  await writeFile(file, lines.join('\n'));
  const { TEMPORAL_ADDRESS: _, ...others } = station.environment;
  expect(await braid(['status', 'safe'], { ...others, TEMPORAL_CONFIG_FILE: file })).toMatchObject({
    status: 0,
  });
});

const without = { TEMPORAL_TLS_CLIENT_CERT_PATH: undefined, TEMPORAL_TLS_CLIENT_KEY_PATH: undefined };
const plain = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: undefined, ...without };

describe('what is wrong is told', () => {
  test.concurrent.each([
    ['an authority that is not trusted', () => variables(foreign), 'is of no authority that is trusted here'],
    ['a foreign certificate', () => variables(ours, foreign), 'lets nobody in: it does not accept'],
    ['no certificate', () => ({ ...variables(), ...without }), 'lets nobody in: .* or wants one'],
    ['another name', () => ({ ...variables(), TEMPORAL_TLS_SERVER_NAME: 'other' }), 'is for another name'],
    ['no TLS', () => ({ ...variables(), ...plain }), 'it wants TLS, which TEMPORAL_TLS=true switches on'],
    [
      'a server without TLS',
      () => ({ ...variables(), TEMPORAL_ADDRESS: plainAddress() }),
      'it does not speak TLS',
    ],
    [
      'a file that is not there',
      () => ({ ...variables(), TEMPORAL_TLS_CLIENT_KEY_PATH: '/no' }),
      "open '/no'",
    ],
  ])('%s', async (_what, environment, words) => {
    const connecting = async () => connect(readProfile(environment()));
    await expect(connecting()).rejects.toThrow(new RegExp(words));
  });
});

/** By its name, since a name is what a certificate is for. */
const plainAddress = () => station.temporal.address.replace('127.0.0.1', 'localhost');
