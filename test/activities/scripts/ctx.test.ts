import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/contracts/json.ts';

const program = new URL('../../../src/activities/scripts/host/ctx.py', import.meta.url).pathname;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-ctx-'));
  await mkdir(join(folder, 'secrets'));
  await mkdir(join(folder, 'resources', 'conf'), { recursive: true });
  await writeFile(join(folder, 'resources', 'conf', 'a.conf'), 'a');
  await writeFile(
    join(folder, 'resources', 'conf', 'site.conf'),
    'listen {{ ctx.node.properties.port }};\nurl {{ctx.instance.runtime_properties["url"]}} {{ ctx.node.properties.list[0].name }} {{ root }} $x\n',
  );
  await writeFile(join(folder, 'resources', 'conf', 'loop.conf'), '{% for x in y %}');
  await writeFile(join(folder, 'resources', 'conf', 'call.conf'), '{{ ctx.x() }}');
  await writeFile(join(folder, 'resources', 'conf', 'none.conf'), '{{ ctx.node.properties.none }}');
  await writeFile(join(folder, 'changes'), '');
  await use({ self: view });
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const view = {
  id: 'web_1',
  node: 'web',
  type: 'braid.nodes.Web',
  type_hierarchy: ['cloudify.nodes.Root', 'braid.nodes.Web'],
  properties: { port: 80, list: [{ name: 'x' }], text: 'plain', yes: true },
  runtime_properties: { url: 'http://x', 'dotted.key': 1, info: { a: { b: 'c' } } },
  host_ip: '10.0.0.2',
};

describe('reads', () => {
  test.each([
    ['instance id', 'web_1'],
    ['instance host-ip', '10.0.0.2'],
    ['instance host_ip', '10.0.0.2'],
    ['host-ip', '10.0.0.2'],
    ['node name', 'web'],
    ['node type', 'braid.nodes.Web'],
    ['node properties port', '80'],
    ['-j node properties text', '"plain"'],
    ['node properties yes', 'true'],
    ['node properties list[0].name', 'x'],
    ['node properties list', '[{"name": "x"}]'],
    ['instance runtime-properties url', 'http://x'],
    ['instance runtime_properties dotted.key', '1'],
    ['instance runtime-properties info.a.b', 'c'],
    ['deployment id', 'chain'],
    ['operation name', 'start'],
    ['get-resource conf/a.conf', 'a'],
    ['operation retry-number', '2'],
    ['tenant-name', 'default_tenant'],
    ['-t 30 instance id', 'web_1'],
  ])('ctx %s', async (words, expected) => {
    expect(await ctx(...words.split(' '))).toMatchObject({ status: 0, stdout: `${expected}\n` });
  });

  test.each([
    ['instance runtime-properties none', 'no runtime property none'],
    ['node properties list[3]', 'no property list[3]'],
    ['node properties text.x', 'no property text.x'],
    ['source instance id', 'no source; it has ctx instance'],
    ['nonsense', 'no `ctx nonsense`'],
    ['instance', 'say what'],
    ['get-resource ../context.json', 'no file ../context.json'],
    ['get-resource none', 'no file none'],
    ['download-resource-and-render conf/loop.conf', '{{ variable }} is understood'],
    ['download-resource-and-render conf/call.conf', '{{ ctx.x() }} is not understood'],
    ['download-resource-and-render conf/none.conf', 'no variable ctx.node.properties.none'],
  ])('ctx %s fails and tells why', async (words, expected) => {
    const { status, stderr } = await ctx(...words.split(' '));
    expect(status).toBe(1);
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('Traceback');
  });

  test('the ends of a relationship', async () => {
    await use({ source: view, target: { ...view, id: 'db_1' } });
    expect((await ctx('target', 'instance', 'id')).stdout).toBe('db_1\n');
    expect((await ctx('source', 'node', 'name')).stdout).toBe('web\n');
    expect((await ctx('instance', 'id')).stderr).toContain('it has ctx source, ctx target');
  });
});

test('downloads a file, and one with variables', async () => {
  await ctx('instance', 'runtime-properties', 'url', 'http://y');
  const plain = (await ctx('download-resource', 'conf/a.conf')).stdout.trim();
  expect(await readFile(plain, 'utf8')).toBe('a');
  const target = join(folder, 'site.conf');
  const more = '@{"template_variables": {"root": "/srv"}}';
  expect((await ctx('download-resource-and-render', 'conf/site.conf', target, more)).stdout).toBe(
    `${target}\n`,
  );
  expect(await readFile(target, 'utf8')).toBe('listen 80;\nurl http://y x /srv $x\n');
  await rm(dirname(plain), { recursive: true });
});

describe('writes', () => {
  test('runtime properties, that it then reads', async () => {
    await ctx('instance', 'runtime-properties', 'url', 'two words');
    await ctx('instance', 'runtime-properties', 'info.a.d', '@[1,2]');
    await ctx('instance', 'runtime-properties', 'new.deep', 'x');
    expect((await ctx('instance', 'runtime-properties', 'url')).stdout).toBe('two words\n');
    expect((await ctx('instance', 'runtime-properties', 'info')).stdout).toBe(
      '{"a": {"b": "c", "d": [1, 2]}}\n',
    );
    expect(await changes()).toEqual([
      { set: 'two words', key: 'url', scope: 'self' },
      { set: { a: { b: 'c', d: [1, 2] } }, key: 'info', scope: 'self' },
      { set: { deep: 'x' }, key: 'new', scope: 'self' },
    ]);
  });

  test('one after the other, when many do at once', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        ctx('instance', 'runtime-properties', `k${index}`, 'v'.repeat(5_000)),
      ),
    );
    expect(await changes()).toHaveLength(12);
  });

  test('parts of one runtime property, none of them lost, when many do at once', async () => {
    const words = Array.from({ length: 12 }, (_, index) => `part${index}`);
    const ended = await Promise.all(
      words.map((word) => ctx('instance', 'runtime-properties', `info.${word}`, 'v'.repeat(5_000))),
    );
    expect(ended.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
      words.map(() => ({ status: 0, stderr: '' })),
    );
    const { stdout } = await ctx('instance', 'runtime-properties', 'info');
    expect(Object.keys(JSON.parse(stdout))).toEqual(expect.arrayContaining(['a', ...words]));
  });

  test('a secret beside the changes, never into them', async () => {
    expect(await ctxWith('sesame\n', 'instance', 'secret', 'token')).toMatchObject({ status: 0, stdout: '' });
    expect(await changes()).toEqual([{ secret: true, key: 'token', scope: 'self' }]);
    const file = join(folder, 'secrets', 'self:token');
    expect(await readFile(file, 'utf8')).toBe('sesame');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await ctxWith('x', 'instance', 'secret', '../token')).status).toBe(1);
  });

  test('not how the machine is reached', async () => {
    expect((await ctx('instance', 'runtime-properties', 'ssh.user', 'root')).stderr).toContain(
      'may not be changed',
    );
  });

  test('what the operation is told', async () => {
    await ctx('logger', 'info', 'half', 'way');
    await ctx('returns', '@{"a":1}');
    expect((await ctx('abort_operation', 'no disk')).status).toBe(1);
    expect((await ctx('operation', 'retry', 'not yet')).status).toBe(1);
    expect((await ctx('operation', 'retry', '@{"message": "later", "retry_after": 5}')).status).toBe(1);
    expect(await changes()).toEqual([
      { log: 'half way', level: 'info' },
      { returns: { a: 1 } },
      { abort: 'no disk' },
      { retry: 'not yet' },
      { retry: 'later' },
    ]);
  });
});

test('outside of a script it says so', async () => {
  expect((await run(['instance', 'id'], '', {})).stderr).toContain('not a script that Braid runs');
});

type Ended = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

async function use(views: JsonObject): Promise<void> {
  const step = { execution: 'e', operation: 'start', parameters: { count: 3 }, retry_number: 2 };
  const context = { deployment: 'chain', blueprint: 'b', ...step, views };
  await writeFile(join(folder, 'context.json'), JSON.stringify(context));
}

async function changes(): Promise<unknown[]> {
  const lines = (await readFile(join(folder, 'changes'), 'utf8')).trim().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}

function ctx(...words: string[]): Promise<Ended> {
  return ctxWith('', ...words);
}

function ctxWith(input: string, ...words: string[]): Promise<Ended> {
  return run(words, input, { BRAID_CONTEXT: folder, BRAID_RESOURCES: join(folder, 'resources') });
}

function run(
  words: readonly string[],
  input: string,
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('python3', ['-I', '-S', program, ...words], {
      env: { PATH: process.env['PATH'], TMPDIR: folder, ...environment },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
