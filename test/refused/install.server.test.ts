import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeSshKeyPair } from '../../src/activities/ssh/key-pair.ts';
import { openSecretFiles } from '../../src/store/secret-files.ts';
import { braid, type Ran, startProgram } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';
import { network, proxy, refusedBlueprints, remote, unknownOperation } from './blueprints.ts';

/** What an install is refused for, in the words and with the exit status that a person meets. */

let station: Station;
let client: Client;
let connection: Connection;

beforeAll(async () => {
  station = await startStation();
  Object.assign(station.environment, { BRAID_DOCKER_SOCKET: join(station.folder, 'no-docker.sock') });
  await station.startWorker();
  connection = await Connection.connect({ address: station.temporal.address });
  client = new Client({ connection });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await station?.stop();
});

const run = (...args: string[]): Promise<Ran> => braid(args, station.environment, station.blueprints);

async function writeBlueprint(name: string, text: string): Promise<string> {
  await mkdir(join(station.blueprints, name), { recursive: true });
  await writeFile(join(station.blueprints, name, 'blueprint.yaml'), text);
  return `${name}/blueprint.yaml`;
}

async function ended(program: string, ...args: string[]): Promise<void> {
  expect(await startProgram(program, args, {}).ended).toEqual({ status: 0, stdout: '', stderr: '' });
}

/** Not even the record of a deployment. */
async function expectNothingMade(deployment: string): Promise<void> {
  const record = client.workflow.getHandle(`deployment:${deployment}`).describe();
  await expect(record).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
}

describe('a blueprint is refused for', () => {
  test.each(refusedBlueprints.map((each, index) => [each.what, index, each] as const))(
    '%s',
    async (_what, index, { blueprint, inputs = [], says }) => {
      const path = await writeBlueprint(`refused-${index}`, blueprint);
      const given = inputs.flatMap((each) => ['-i', each]);
      const { status, stdout, stderr } = await run('install', `refused-${index}`, path, ...given);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(says);
      expect(stderr).toContain(`BlueprintInvalid: The blueprint ${path} has`);
      await expectNothingMade(`refused-${index}`);
    },
  );

  test('an operation that no plugin offers', async () => {
    const path = await writeBlueprint('unoffered', unknownOperation);
    const { status, stderr } = await run('install', 'unoffered', path);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /OperationUnknown: The blueprint unoffered\/blueprint.yaml uses operations that no plugin of the worker offers\.\none, cloudify.interfaces.lifecycle.create: machines.machine.craete\n/,
    );
    await expectNothingMade('unoffered');
  });

  test('being outside of the worker’s folder', async () => {
    expect(await run('install', 'away', '../away.yaml')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/BlueprintNotFound: .*outside of the worker's blueprint folder/),
    });
    await expectNothingMade('away');
  });
});

describe('of other deployments, an install needs', () => {
  test('that there is one', async () => {
    const path = await writeBlueprint('proxy-of-none', proxy('none', 'said'));
    expect(await run('install', 'user', path)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('DeploymentNotFound: There is no deployment none.\n'),
    });
    await expectNothingMade('user');
  });

  test('that it has the output; told are those that there are', async () => {
    expect(await run('install', 'tiny', 'tiny/blueprint.yaml')).toMatchObject({ status: 0 });
    const path = await writeBlueprint('proxy-of-tiny', proxy('tiny', 'sad'));
    expect(await run('install', 'user', path)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        'CapabilityMissing: The deployment tiny has no output sad; it has said.\n',
      ),
    });
    await expectNothingMade('user');
  });
});

describe('a deployment that exists is refused', () => {
  test('when its blueprint has changed since, and stays as it is', async () => {
    const path = await writeBlueprint('changing', '');
    const tiny = (said: string) =>
      writeBlueprint(
        'changing',
        `tosca_definitions_version: cloudify_dsl_1_3\noutputs: {said: {value: ${said}}}\n`,
      );
    await tiny('before');
    expect(await run('install', 'changing', path)).toMatchObject({ status: 0 });
    await tiny('after');
    expect(await run('install', 'changing', path)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /DeploymentExists: .* its blueprint changing\/blueprint.yaml has changed since/,
      ),
    });
    expect((await run('outputs', 'changing')).stdout).toContain('before');
  });
});

describe('the surroundings', () => {
  test('no Docker engine for the machines', async () => {
    const path = await writeBlueprint('machines', network);
    const { status, stderr } = await run('install', 'machines', path);
    expect(status).toBe(1);
    expect(stderr).toMatch(/ProviderUnavailable: no Docker engine answers at \S+no-docker.sock/);
    await expectNothingMade('machines');
  });

  test('a store that cannot be written', async () => {
    const values = join(station.folder, 'state', 'values');
    await rm(values, { recursive: true, force: true });
    await writeFile(values, 'in the way');
    try {
      const path = await writeBlueprint('unstored', network);
      expect(await run('install', 'unstored', path)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/StoreFailed: The store cannot write into \S+values: /),
      });
      await expectNothingMade('unstored');
    } finally {
      await rm(values);
    }
  });

  test('a full disk below the store', async () => {
    const path = await writeBlueprint('no-room', network);
    const values = join(station.folder, 'state', 'values');
    await mkdir(values, { recursive: true });
    await ended('mount', '-t', 'tmpfs', '-o', 'size=4k', 'full', values);
    try {
      await writeFile(join(values, 'all-there-is'), Buffer.alloc(4096));
      expect(await run('install', 'no-room', path)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(
          /StoreFailed: The store cannot write into \S+values: no space is left there/,
        ),
      });
      await expectNothingMade('no-room');
    } finally {
      await ended('umount', values);
    }
    expect(await run('install', 'no-room', path)).toMatchObject({
      stderr: expect.stringContaining('ProviderUnavailable'),
    });
  });

  test.each([
    [
      'a wrong host key',
      'HostKeyMismatch',
      /HostKeyMismatch: The host key of someone@127.0.0.1:\d+ is not the one/,
    ],
    ['a wrong key', 'Unauthorized', /Unauthorized: someone@127.0.0.1:\d+ refused the private key/],
  ])('%s: nothing was run there', async (_what, code, says) => {
    const host = makeSshKeyPair('host');
    const own = makeSshKeyPair('own');
    const secrets = await openSecretFiles({ folder: join(station.folder, 'state', 'secrets') });
    await secrets.put('own/key', own.privateKey);
    let commands = 0;
    const server = new ssh2.Server({ hostKeys: [host.privateKey] }, (caller) => {
      caller.on('authentication', (context) => context.reject(['publickey']));
      caller.on('session', () => (commands += 1));
      caller.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const expected = code === 'HostKeyMismatch' ? makeSshKeyPair('other') : host;
    const name = code.toLowerCase();
    const hostKey = expected.publicKey.split(' ').slice(0, 2).join(' ');
    const { status, stderr } = await run('install', name, await writeBlueprint(name, remote(port, hostKey)));
    server.close();
    expect(status).toBe(1);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain(own.privateKey.split('\n')[2]);
    expect(commands).toBe(0);
    expect((await run('uninstall', name)).status).toBe(0);
  });
});
