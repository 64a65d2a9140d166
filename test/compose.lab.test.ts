import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

type Service = {
  readonly image?: string;
  readonly environment?: Readonly<Record<string, string>>;
} & Readonly<Record<string, unknown>>;
type Composed = { readonly services: Readonly<Record<string, Service>>; readonly volumes: object };

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Asks Docker Compose, the plugin or Debian's, for the file as it understands it. */
function compose(env: NodeJS.ProcessEnv) {
  const file = ['--file', 'docker-compose.temporal.yml', 'config'];
  const options = {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
  } as const;
  const plugin = spawnSync('docker', ['compose', 'version'], options).status === 0;
  return plugin
    ? spawnSync('docker', ['compose', ...file], options)
    : spawnSync('docker-compose', file, options);
}

function composed(env: NodeJS.ProcessEnv = {}): Composed {
  const { status, stdout, stderr } = compose({ POSTGRES_PASSWORD: 'chosen', ...env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return parse(stdout);
}

describe('docker-compose.temporal.yml', () => {
  it('is valid, with every image pinned', () => {
    const { services, volumes } = composed();
    expect(Object.keys(services).sort()).toEqual([
      'namespace',
      'postgresql',
      'schema',
      'temporal',
      'ui',
      'worker',
    ]);
    const foreign = Object.entries(services).filter(([name]) => name !== 'worker');
    for (const [, { image }] of foreign) {
      expect(image).toMatch(/^(postgres|temporalio\/(server|admin-tools|ui)):\d/);
    }
    expect(Object.keys(volumes).sort()).toEqual(['postgresql', 'store']);
  });

  it('has a health check for all that goes on running', () => {
    const { services } = composed();
    const lasting = Object.entries(services).filter(([, service]) => service['restart'] === 'unless-stopped');
    expect(lasting.map(([name]) => name).sort()).toEqual(['postgresql', 'temporal', 'ui', 'worker']);
    for (const [, service] of lasting) expect(service['healthcheck']).toBeDefined();
  });

  it('has no password of its own, and asks for one', () => {
    const { status, stderr } = compose({});
    expect(status).not.toBe(0);
    expect(stderr).toContain('Choose a password for the database');
  });

  it('gives the password to the database and its clients alone', () => {
    const { services } = composed({ POSTGRES_PASSWORD: 'once-chosen' });
    const told = Object.entries(services).filter(([, service]) =>
      JSON.stringify(service).includes('once-chosen'),
    );
    expect(told.map(([name]) => name).sort()).toEqual(['postgresql', 'schema', 'temporal']);
  });

  it('is set by the environment, for the worker too', () => {
    const { services } = composed({ TEMPORAL_VERSION: '9.9.9', TEMPORAL_NAMESPACE: 'edge' });
    expect(services['temporal']?.image).toBe('temporalio/server:9.9.9');
    expect(services['worker']?.environment).toMatchObject({
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_NAMESPACE: 'edge',
      BRAID_TASK_QUEUE: 'braid',
    });
  });
});
