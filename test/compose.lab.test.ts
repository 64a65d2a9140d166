import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compose } from './support/compose.ts';
import { root } from './support/processes.ts';

type Service = {
  readonly image?: string;
  readonly build?: { readonly args?: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
} & Readonly<Record<string, unknown>>;
type Composed = { readonly services: Readonly<Record<string, Service>>; readonly volumes: object };

const main = 'docker-compose.temporal.yml';
const chosen = { POSTGRES_PASSWORD: 'chosen', BRAID_CODEC_TOKEN: 'chosen-as-well' };
const worker = ['namespace', 'guard', 'worker', 'codec'];

/** As Docker Compose, the plugin or Debian's, understands the files. */
async function composed(env: NodeJS.ProcessEnv = {}, ...overrides: readonly string[]): Promise<Composed> {
  const files = [main, ...overrides.map((name) => `docker-compose.${name}.yml`)];
  const { status, stdout, stderr } = await compose(files, ['config'], {
    ...chosen,
    ...env,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return parse(stdout);
}

describe('docker-compose.temporal.yml', () => {
  it('is valid, with every image that is pulled named by its digest', async () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const { services, volumes } = await composed({
      POSTGRES_DIGEST: digest,
      TEMPORAL_SERVER_DIGEST: digest,
      TEMPORAL_TOOLS_DIGEST: digest,
      TEMPORAL_UI_DIGEST: digest,
    });
    expect(Object.keys(services).sort()).toEqual([
      'codec',
      'guard',
      'namespace',
      'postgresql',
      'schema',
      'temporal',
      'ui',
      'worker',
    ]);
    const foreign = Object.entries(services).filter(([name]) => !worker.includes(name));
    for (const [, { image }] of foreign) {
      expect(image).toMatch(/^(postgres|temporalio\/(server|admin-tools|ui)):\d[\d.]*@sha256:0{64}$/);
    }
    expect(Object.keys(volumes).sort()).toEqual(['postgresql', 'store']);
  });

  it('pulls nothing whose digest nobody told', async () => {
    const { services } = await composed();
    for (const { image = '', build } of Object.values(services)) {
      expect(build?.args?.['BASE'] ?? image).toMatch(/@?set-[A-Z_]+(@|-)see-docs\/production\.md$/);
    }
  });

  it('has a health check for all that goes on running', async () => {
    const { services } = await composed();
    const lasting = Object.entries(services).filter(([, service]) => service['restart'] === 'unless-stopped');
    expect(lasting.map(([name]) => name).sort()).toEqual([
      'codec',
      'guard',
      'postgresql',
      'temporal',
      'ui',
      'worker',
    ]);
    for (const [, service] of lasting) expect(service['healthcheck']).toBeDefined();
  });

  it.each([
    ['POSTGRES_PASSWORD', 'Choose a password for the database'],
    ['BRAID_CODEC_TOKEN', 'Choose a token for the codec server'],
  ])('has no %s of its own, and asks for one', async (name, message) => {
    const { status, stderr } = await compose([main], ['config'], { ...chosen, [name]: '' });
    expect(status).not.toBe(0);
    expect(stderr).toContain(message);
  });

  it('publishes the guard before the Web UI, and of Temporal no HTTP API', async () => {
    const { services } = await composed();
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name]) => name).sort()).toEqual(['codec', 'guard', 'temporal']);
    expect(JSON.stringify(services['temporal']?.['ports'])).toContain('7233');
    expect(JSON.stringify(services['temporal']?.['ports'])).not.toContain('7243');
    expect(services['temporal']?.environment).toMatchObject({ FRONTEND_HTTP_PORT: '0' });
    const { services: named } = await composed({ TEMPORAL_UI_URL: 'https://temporal.example.net' });
    expect(named['guard']?.['command']).toContain('--host=https://temporal.example.net');
  });

  it('has the codec server in a network where nobody else is', async () => {
    const { services } = await composed();
    const there = Object.entries(services).map(([name, { networks }]) => [name, networksOf(networks)]);
    expect(there.filter(([, networks]) => networks?.includes('codec'))).toEqual([['codec', ['codec']]]);
  });

  it('gives the password to the database and its clients alone', async () => {
    const { services } = await composed({ POSTGRES_PASSWORD: 'once-chosen' });
    const told = Object.entries(services).filter(([, service]) =>
      JSON.stringify(service).includes('once-chosen'),
    );
    expect(told.map(([name]) => name).sort()).toEqual(['postgresql', 'schema', 'temporal']);
  });

  it('gives the token to the codec server alone', async () => {
    const { services } = await composed();
    const told = Object.entries(services).filter(([, service]) =>
      JSON.stringify(service).includes(chosen.BRAID_CODEC_TOKEN),
    );
    expect(told.map(([name]) => name)).toEqual(['codec']);
  });

  it('is set by the environment, for the worker too', async () => {
    const { services } = await composed({ TEMPORAL_VERSION: '9.9.9', TEMPORAL_NAMESPACE: 'edge' });
    expect(services['temporal']?.image).toMatch(/^temporalio\/server:9\.9\.9@/);
    expect(services['worker']?.environment).toMatchObject({
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_NAMESPACE: 'edge',
      BRAID_TASK_QUEUE: 'braid',
    });
  });
});

describe('what is put over it', () => {
  it('builds every image, none of which is pulled', async () => {
    const { services } = await composed({ BRAID_BASE: 'own/base:1' }, 'build');
    for (const { image } of Object.values(services)) expect(image).toMatch(/^braid\//);
    const bases = Object.values(services).flatMap(({ build }) =>
      build === undefined ? [] : [build.args?.['BASE']],
    );
    expect(bases).toEqual(Array(8).fill('own/base:1'));
  });

  it('gives the workers alone the engine, and asks for its group', async () => {
    const { services } = await composed({ DOCKER_GROUP: '123', TEMPORAL_PORT: '7333' }, 'machines');
    const told = Object.entries(services).filter(([, each]) => JSON.stringify(each).includes('docker.sock'));
    expect(told.map(([name]) => name)).toEqual(['worker']);
    expect(services['worker']).toMatchObject({
      network_mode: 'host',
      environment: { TEMPORAL_ADDRESS: '127.0.0.1:7333', BRAID_LAB: 'braid' },
    });
    const { status, stderr } = await compose([main, 'docker-compose.machines.yml'], ['config'], chosen);
    expect([status === 0, stderr]).toEqual([
      false,
      expect.stringContaining("Tell the group of Docker's socket"),
    ]);
  });

  it('has every client of Temporal show a certificate', async () => {
    const { services } = await composed({ TEMPORAL_CERTIFICATES: '/own/certificates' }, 'tls');
    const shown = Object.entries(services).filter(([, each]) =>
      JSON.stringify(each).includes('/own/certificates:/certificates:ro'),
    );
    expect(shown.map(([name]) => name).sort()).toEqual(['namespace', 'temporal', 'ui', 'worker']);
  });

  it('goes together', async () => {
    const { services } = await composed({ DOCKER_GROUP: '123' }, 'build', 'machines', 'tls');
    expect(Object.keys(services)).toHaveLength(8);
  });

  it('serves the HTTP API by a guard that takes JSON alone, under the one name that Temporal answers to', async () => {
    const { services } = await composed({ TEMPORAL_HTTP_PORT: '7343' }, 'http');
    expect(services['temporal']?.environment).toMatchObject({ FRONTEND_HTTP_PORT: '7243' });
    expect(JSON.stringify(services['temporal']?.['ports'])).not.toContain('7243');
    expect(services['http']?.['command']).toEqual(
      expect.arrayContaining(['--json', '--as=braid-guard.invalid', '--host=localhost:7343']),
    );
    expect(services['http']?.image).toBe(services['worker']?.image);
    const dynamic: unknown = parse(await readFile(join(root, 'images/temporal/dynamic-config.yaml'), 'utf8'));
    expect(dynamic).toMatchObject({ 'frontend.httpAllowedHosts': [{ value: ['braid-guard.invalid'] }] });
  });
});

/** By name, or as a table of names. */
function networksOf(networks: unknown): readonly string[] {
  if (Array.isArray(networks)) return networks.map(String);
  return typeof networks === 'object' && networks !== null ? Object.keys(networks) : ['default'];
}
