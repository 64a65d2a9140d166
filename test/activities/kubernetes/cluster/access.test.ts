import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readKubeconfig } from '../../../../src/activities/kubernetes/cluster/access.ts';
import { clusterOf } from '../../../../src/activities/kubernetes/cluster/cluster.ts';
import type { KubeconfigRight } from '../../../../src/connection/settings.ts';
import type { JsonObject } from '../../../../src/contracts/json.ts';
import { kubeconfig } from '../../../support/kubernetes.ts';

const folder = mkdtempSync(join(tmpdir(), 'braid-kubeconfig-'));
const at = (name: string): string => join(folder, name);
const never = new AbortController().signal;
const read = (user: JsonObject, ...allowed: readonly KubeconfigRight[]) =>
  readKubeconfig(kubeconfig({}, { token: '', ...user }), new Set(allowed), never);

beforeAll(() => {
  execFileSync('sh', ['-c', `mkfifo '${at('pipe')}'`]);
  symlinkSync('/dev/zero', at('endless'));
  writeFileSync(at('token'), 'of-a-file\n');
  writeFileSync(at('long'), 'x'.repeat(300_000));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file that a kubeconfig names', () => {
  it('is read where that is allowed, anew each time', async () => {
    const allowed = new Set(['files'] as const);
    const text = kubeconfig({}, { token: '', tokenFile: at('token') });
    expect((await readKubeconfig(text, allowed, never)).headers).toEqual({
      Authorization: 'Bearer of-a-file',
    });
    const first = await clusterOf(text, allowed, never);
    expect(await clusterOf(text, allowed, never)).toBe(first);
    writeFileSync(at('token'), 'of-another-day\n');
    expect((await clusterOf(text, allowed, never)).access.headers).toEqual({
      Authorization: 'Bearer of-another-day',
    });
  });

  it.each([
    ['pipe', 'no usual file'],
    ['endless', 'no usual file'],
    ['.', 'no usual file'],
    ['long', 'longer than 256 KiB'],
    ['nowhere', 'ENOENT'],
  ])('is not waited for, and not read without end: %s', async (name, reason) => {
    for (const key of ['tokenFile', 'client-key', 'client-certificate'])
      await expect(read({ [key]: at(name) }, 'files')).rejects.toMatchObject({
        type: 'OperationInputInvalid',
        message: expect.stringContaining(reason),
      });
  });
});

it('credentials become headers, and those of others where that is allowed', async () => {
  expect((await read({ username: 'u', password: 'p' })).headers).toEqual({ Authorization: 'Basic dTpw' });
  const user = { token: 't', as: 'ops', 'as-groups': ['a', 'b'] };
  expect((await read(user, 'impersonation')).headers).toEqual({
    Authorization: 'Bearer t',
    'Impersonate-User': 'ops',
    'Impersonate-Group': ['a', 'b'],
  });
});

it('certificates that are none are told before anything is asked', async () => {
  const data = Buffer.from('no certificate').toString('base64');
  await expect(read({ 'client-certificate-data': data, 'client-key-data': data })).rejects.toMatchObject({
    type: 'OperationInputInvalid',
    message: expect.stringContaining('cannot be read'),
  });
});

describe('a command of a kubeconfig', () => {
  it('gives the credentials where that is allowed, and sees nothing of the worker’s settings', async () => {
    process.env['BRAID_SECRET_KEY'] = 'of-the-worker';
    const script = credential(`{"token": "'$GIVEN-\${BRAID_SECRET_KEY:-nothing}'"}`);
    const { headers } = await read(exec(script), 'exec').finally(
      () => delete process.env['BRAID_SECRET_KEY'],
    );
    expect(headers).toEqual({ Authorization: 'Bearer given-nothing' });
  });

  it('is run again when they expire', async () => {
    for (const [expires, times] of [
      ['2001-01-01T00:00:00Z', '2'],
      ['2999-01-01T00:00:00Z', '1'],
    ] as const) {
      await read(exec(counted(expires)), 'exec');
      await read(exec(counted(expires)), 'exec');
      expect(runs(expires)).toMatch(new RegExp(`^${times} `));
    }
  });

  it.each([
    ['fails', 'echo very-secret; exit 3', 'ended with 3'],
    ['says something else', 'echo very-secret', 'no ExecCredential'],
    ['says no end', 'yes very-secret', 'MAXBUFFER'],
  ])('that %s is told without what it printed', async (_, script, reason) => {
    const error: unknown = await read(exec(script), 'exec').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ type: 'Unauthorized', message: expect.stringContaining(reason) });
    expect(String(error)).not.toContain('very-secret');
  });
});

function exec(script: string): JsonObject {
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', script],
      env: [{ name: 'GIVEN', value: 'given' }],
    },
  };
}

function credential(status: string): string {
  return `echo '{"kind": "ExecCredential", "status": ${status}}'`;
}

/** Notes that it was run. */
function counted(expires: string): string {
  const status = `{"token": "t", "expirationTimestamp": "${expires}"}`;
  return `echo x >>${at(`runs-${expires}`)}; ${credential(status)}`;
}

function runs(expires: string): string {
  return execFileSync('wc', ['-l', at(`runs-${expires}`)]).toString();
}
