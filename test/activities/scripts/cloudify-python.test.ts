import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** Python as Cloudify runs it, with the modules where a machine has them. */

const host = new URL('../../../src/activities/scripts/host/', import.meta.url).pathname;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-python-'));
  await mkdir(join(folder, 'files', 'bin'), { recursive: true });
  await cp(join(host, 'ctx.py'), join(folder, 'files', 'bin', 'ctx'));
  await cp(join(host, 'cloudify'), join(folder, 'files', 'python', 'cloudify'), { recursive: true });
  await mkdir(join(folder, 'files', 'resources'));
  await writeFile(join(folder, 'files', 'resources', 'a.conf'), 'id {{ ctx.instance.id }} {{ more }}');
  await writeFile(join(folder, 'changes'), '');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const view = {
  id: 'web_1',
  node: 'web',
  type: 'braid.nodes.Web',
  type_hierarchy: ['cloudify.nodes.Root', 'braid.nodes.Web'],
  properties: { port: 80 },
  runtime_properties: { keep: 1, drop: 'x', nested: { list: [1] } },
  host_ip: '10.0.0.2',
};

describe('a Python script', () => {
  test('reads what ctx tells', async () => {
    const { status, stdout, stderr } = await python(`
from cloudify import ctx
from cloudify.state import ctx_parameters as inputs
print(ctx.node.name, ctx.node.id, ctx.node.type, ctx.node.type_hierarchy[-1], ctx.node.properties['port'])
print(ctx.instance.id, ctx.instance.host_ip, ctx.instance.runtime_properties['keep'], ctx.type)
print(ctx.deployment.id, ctx.blueprint.id, ctx.operation.name, ctx.operation.retry_number, ctx.tenant_name)
print(inputs['count'] + 1, inputs.get('none'))
print(open(ctx.download_resource('a.conf')).read())
print(open(ctx.download_resource_and_render('a.conf', template_variables={'more': 'b'})).read())
print(ctx.get_resource('a.conf').decode())
ctx.logger.info('half %s', 'way')
`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'web web braid.nodes.Web braid.nodes.Web 80',
      'web_1 10.0.0.2 1 node-instance',
      'chain b start 2 default_tenant',
      '4 None',
      'id {{ ctx.instance.id }} {{ more }}',
      'id web_1 b',
      'id {{ ctx.instance.id }} {{ more }}',
      'info: half way',
      '',
    ]);
  });

  test('tells what it changed of runtime properties, in place too, and what it took away', async () => {
    await python(`
from cloudify import ctx
ctx.instance.runtime_properties['new'] = {'a': 1}
ctx.instance.update()
ctx.instance.runtime_properties['nested']['list'].append(2)
del ctx.instance.runtime_properties['drop']
`);
    expect(await changes()).toEqual([
      { set: { a: 1 }, key: 'new', scope: 'self' },
      { set: null, key: 'drop', scope: 'self' },
      { set: { list: [1, 2] }, key: 'nested', scope: 'self' },
    ]);
  });

  test('has both ends of a relationship', async () => {
    const { stdout } = await python(
      `
from cloudify import ctx
ctx.source.instance.runtime_properties['peer'] = ctx.target.instance.id
ctx.target.instance.runtime_properties['by'] = ctx.source.node.name
print(ctx.type, hasattr(ctx, 'instance'))
`,
      { source: view, target: { ...view, id: 'db_1' } },
    );
    expect(stdout).toBe('relationship-instance False\n');
    expect(await changes()).toEqual([
      { set: 'db_1', key: 'peer', scope: 'source' },
      { set: 'web', key: 'by', scope: 'target' },
    ]);
  });

  test.each([
    ["raise NonRecoverableError('no disk')", { abort: 'no disk' }, 1],
    ["raise RecoverableError('busy', retry_after=5)", { retry: 'busy' }, 1],
    ["raise OperationRetry('not yet')", { retry: 'not yet' }, 1],
    ["ctx.operation.retry(message='soon', retry_after=1)", { retry: 'soon' }, 0],
    ["ctx.abort_operation('over')", { abort: 'over' }, 1],
    ["ctx.retry_operation('again')", { retry: 'again' }, 1],
    ["ctx.returns({'a': [1]})", { returns: { a: [1] } }, 0],
  ])('says by %s whether it is of use to run it again', async (line, change, status) => {
    const ended = await python(`
from cloudify import ctx
from cloudify.exceptions import NonRecoverableError, OperationRetry, RecoverableError
${line}
`);
    expect(ended.status).toBe(status);
    expect(await changes()).toEqual([change]);
  });

  test('that fails in another way may be run again, and keeps what it told', async () => {
    const { status, stderr } = await python(`
from cloudify import ctx
ctx.instance.runtime_properties['new'] = 1
raise ValueError('oops')
`);
    expect(status).toBe(1);
    expect(stderr).toContain('ValueError: oops');
    expect(await changes()).toEqual([{ set: 1, key: 'new', scope: 'self' }]);
  });
});

async function changes(): Promise<unknown[]> {
  const lines = (await readFile(join(folder, 'changes'), 'utf8')).trim().split('\n');
  return lines.map((line): unknown => JSON.parse(line));
}

async function python(script: string, views: object = { self: view }) {
  const step = { execution: 'e', operation: 'start', parameters: { count: 3 }, retry_number: 2 };
  const context = { deployment: 'chain', blueprint: 'b', ...step, views };
  await writeFile(join(folder, 'context.json'), JSON.stringify(context));
  await writeFile(join(folder, 'files', 'script.py'), script);
  const child = spawn('python3', ['-B', join(folder, 'files', 'script.py')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      TMPDIR: folder,
      PYTHONPATH: join(folder, 'files', 'python'),
      BRAID_CONTEXT: folder,
      BRAID_RESOURCES: join(folder, 'files', 'resources'),
    },
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, status };
}
