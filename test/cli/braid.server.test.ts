import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { braid, type Ran, start } from '../support/processes.ts';
import { type Station, startStation } from '../support/station.ts';

/** The command as a person or a script meets it: a process, its output and its exit status. */

let station: Station;
/** An install before there was a worker. */
let unheard: Ran;

beforeAll(async () => {
  station = await startStation();
  unheard = await run('install', 'one', 'tiny/blueprint.yaml');
  await station.startWorker();
}, 120_000);
afterAll(() => station?.stop());

const run = (...args: string[]): Promise<Ran> => braid(args, station.environment, station.blueprints);

const jsonOf = async (...args: string[]): Promise<unknown> =>
  JSON.parse((await run(...args, '--json')).stdout);

it('tells that there is no worker, rather than wait for one', () => {
  expect(unheard).toMatchObject({ status: 1, stderr: expect.stringMatching(/^NoWorker: .*braid worker/s) });
});

describe('a deployment from install to uninstall', () => {
  it('is none at first', async () => {
    expect(await run('list')).toMatchObject({ status: 0, stdout: 'There are no deployments.\n' });
    expect(await jsonOf('list')).toEqual([]);
  });

  it('is installed: its outputs, and nothing else, on standard output', async () => {
    const { status, stdout, stderr } = await run(
      'install',
      'one',
      'tiny/blueprint.yaml',
      '-i',
      'greeting=hi',
    );
    expect(status).toBe(0);
    expect(stdout).toBe('one is installed: 2 node instances.\n  said  hi, world\n');
    expect(stderr).toMatch(/^install of one is the workflow install:one:[0-9a-f]{8}\n/);
    expect(stderr).toMatch(/\[ +\d+\.\d s\] one: base_\w{6} started\n/);
  });

  it('takes inputs from files too, the last one winning', async () => {
    const file = join(station.folder, 'inputs.yaml');
    await writeFile(file, 'greeting: from a file\n');
    const given = ['install', 'two', 'tiny/blueprint.yaml', '-i', file, '--input', 'greeting=later'];
    expect(await jsonOf(...given)).toMatchObject({ outputs: { said: 'later, world' } });
    expect(await run('uninstall', 'two')).toMatchObject({
      stdout: 'two is gone: 2 node instances removed.\n',
    });
  });

  it('is listed', async () => {
    const { stdout } = await run('list');
    expect(stdout).toBe(
      'DEPLOYMENT  PHASE      BLUEPRINT            INSTANCES    COMPONENT OF\n' +
        'one         installed  tiny/blueprint.yaml  2/2 started\n',
    );
    expect(await jsonOf('list')).toEqual([
      { deployment: 'one', phase: 'installed', blueprint: 'tiny/blueprint.yaml', parent: null },
    ]);
  });

  it('has a status', async () => {
    const { status, stdout } = await run('status', 'one');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^one is installed\n {2}blueprint +tiny\/blueprint.yaml\n {2}last execution +install:one:\w+, completed at .*Z\n\n {2}base_\w+ +started\n {2}top_\w+ +started\n$/,
    );
    expect(await jsonOf('status', 'one')).toMatchObject({ deployment: 'one', holder: null });
  });

  it('has outputs', async () => {
    expect(await run('outputs', 'one')).toMatchObject({ status: 0, stdout: '  said  hi, world\n' });
    expect(await jsonOf('outputs', 'one')).toEqual({ said: 'hi, world' });
  });

  it('is well', async () => {
    const { status, stdout } = await run('check', 'one');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^✓ base_\w+\n✓ top_\w+\none is well\.\n$/);
    const nothing = { repairs: [], unwell: [], traffic: [] };
    expect(await jsonOf('heal', 'one')).toEqual({ deployment: 'one', ...nothing, checked: 2 });
  });

  it('is looked after until Ctrl-C', async () => {
    const watch = start('src/cli/main.mjs', ['heal', 'one', '--watch', '1s'], station.environment);
    await watch.said('one is looked at every 1 s');
    watch.child.kill('SIGINT');
    expect(await watch.ended).toMatchObject({ status: 130, stdout: '' });
  });

  it('is healed by the server, as often as asked', async () => {
    expect(await run('heal', 'one', '--every', '1s')).toMatchObject({
      stdout: 'The server heals one every 1 s, until it is uninstalled.\n',
    });
    await expect
      .poll(async () => (await run('status', 'one')).stdout, { timeout: 20_000, interval: 500 })
      .toMatch(/last execution +heal:one:scheduled/);
    expect(await jsonOf('heal', 'one', '--every', '1h')).toEqual({ deployment: 'one', every: 3600 });
  });

  it('is not proven, as nothing sends traffic through it', async () => {
    const { status, stdout } = await run('prove', 'one');
    expect(status).toBe(1);
    expect(stdout).toContain('✗ one is not proven.\n  No probe sends traffic through this deployment.');
  });

  it('keeps its name', async () => {
    expect(await run('install', 'one', 'tiny/blueprint.yaml')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/DeploymentExists: A deployment one exists already, .* other inputs\./),
    });
  });

  it('has nothing to follow or cancel', async () => {
    expect(await run('follow', 'one')).toMatchObject({ status: 0, stdout: 'Nothing works on one.\n' });
    expect(await jsonOf('cancel', 'one')).toEqual({ deployment: 'one', cancelled: null });
  });

  it('is gone after its uninstall', async () => {
    expect(await jsonOf('uninstall', 'one')).toEqual({ deployment: 'one', removed: 2, remains: [] });
    expect(await run('heal', 'one', '--every', 'never')).toMatchObject({
      stdout: 'The server did not heal one.\n',
    });
    for (const command of ['status', 'outputs', 'check', 'heal', 'prove', 'uninstall', 'follow', 'cancel']) {
      expect(await jsonOf(command, 'one')).toMatchObject({ error: { code: 'DeploymentNotFound' } });
    }
    const { status, stderr } = await run('status', 'one');
    expect([status, stderr]).toEqual([
      1,
      'DeploymentNotFound: There is no deployment one.\n`braid list` shows the deployments; `braid install` makes one.\n',
    ]);
  });
});

describe('an install that takes its time', () => {
  it('goes on after Ctrl-C, keeps others out, is found again, and is cancelled', async () => {
    const first = start('src/cli/main.mjs', ['install', 'slow', 'slow/blueprint.yaml'], station.environment);
    await first.said('traffic');
    first.child.kill('SIGINT');
    const { status, stderr } = await first.ended;
    expect(status).toBe(130);
    expect(stderr).toMatch(
      /The workflow install:slow:\w+ goes on without this command\.\n {2}braid follow slow/,
    );

    const busy = await run('uninstall', 'slow');
    expect(busy.status).toBe(1);
    expect(busy.stderr).toMatch(/DeploymentBusy: .* worked on by install:slow:\w+ \(install, since/);

    const follower = start('src/cli/main.mjs', ['follow', 'slow'], station.environment);
    await follower.said('install of slow is the workflow');
    expect(await run('cancel', 'slow')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^install:slow:\w+ was asked to stop; `braid follow slow`/),
    });
    expect(await follower.ended).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/OperationsFailed: The execution install:slow:\w+ was cancelled\./),
    });
    expect((await run('status', 'slow')).stdout).toMatch(/^slow is incomplete\n/);
    expect((await run('uninstall', 'slow')).status).toBe(0);
  });

  it('tells why it tries again what failed', async () => {
    const install = start(
      'src/cli/main.mjs',
      ['install', 'away', 'unreachable/blueprint.yaml'],
      station.environment,
    );
    await install.said('away: fabric.fabric_plugin.tasks.run_commands failed');
    expect((await run('status', 'away')).stdout).toMatch(
      /\n {2}last execution +install:away:.*\n {4}fabric\.\S+ failed .* and is tried again: Unreachable: .*127\.0\.0\.1/,
    );
    expect(await jsonOf('status', 'away')).toMatchObject({
      retries: [{ implementation: 'fabric.fabric_plugin.tasks.run_commands' }],
    });
    expect((await run('cancel', 'away')).status).toBe(0);
    expect((await install.ended).status).toBe(1);
    expect((await run('uninstall', 'away')).status).toBe(0);
  });

  it('tells each instance that failed in a line of its own', async () => {
    const args = ['install', 'late', 'slow/blueprint.yaml', '-i', 'within=1'];
    const { status, stderr } = await run(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /OperationsFailed: The install of late did not succeed\.\n {2}✗ traffic_\w+ {2}TrafficUnexpected: [^\n]+\n {2}1 other instance waited for it\nMend the cause/,
    );
    expect((await run('uninstall', 'late')).status).toBe(0);
  });
});

describe('a blueprint with errors', () => {
  const shown = `broken/blueprint.yaml:6:11: error unknown-type: \`base\` is of the type \`cloudify.nodes.Rot\`, which is not defined.
        type: cloudify.nodes.Rot
              ^^^^^^^^^^^^^^^^^^
    Did you mean \`cloudify.nodes.Root\`?
broken/blueprint.yaml:11:17: error unknown-target: There is no node \`bas\`.
            target: bas
                    ^^^
    Did you mean \`base\`?
`;

  it.each([['validate'], ['plan']])('is shown by %s with each place, exit 2', async (command) => {
    expect(await run(command, 'broken/blueprint.yaml')).toEqual({
      status: 2,
      stdout: '',
      stderr: `${shown}broken/blueprint.yaml has 2 errors.\n`,
    });
    expect(await jsonOf(command, 'broken/blueprint.yaml')).toMatchObject({
      diagnostics: [{ code: 'unknown-type', line: 6, column: 11 }, { code: 'unknown-target' }],
    });
  });

  it('is shown by install in the same way', async () => {
    const { status, stderr } = await run('install', 'broken', 'broken/blueprint.yaml');
    expect(status).toBe(2);
    expect(stderr).toContain(`${shown}BlueprintInvalid: The blueprint broken/blueprint.yaml has 2 errors.\n`);
  });

  it.each([
    [['validate', 'nowhere.yaml']],
    [['plan', 'nowhere.yaml']],
    [['install', 'nowhere', 'nowhere.yaml']],
  ])('that is not there: %s', async (args) => {
    expect(await run(...args)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/BlueprintNotFound: There is no file nowhere\.yaml/),
    });
  });
});

describe('a blueprint without errors', () => {
  it('is valid', async () => {
    expect(await run('validate', 'tiny/blueprint.yaml')).toEqual({
      status: 0,
      stdout: 'tiny/blueprint.yaml is valid.\n',
      stderr: '',
    });
  });

  it('has a plan', async () => {
    expect((await run('plan', 'slow/blueprint.yaml')).stdout).toBe(
      '3 node instances, of 3 node templates\n' +
        '  base_1  cloudify.nodes.Root\n' +
        '  traffic_2  braid.nodes.TrafficProbe  after base_1\n' +
        '      start: traffic.probe.verify\n' +
        '  above_3  cloudify.nodes.Root  after traffic_2\n',
    );
    expect(await jsonOf('plan', 'tiny/blueprint.yaml', '-i', 'greeting=x')).toMatchObject({
      plan: { inputs: { greeting: 'x' } },
      instances: [{ id: 'base_1' }, { id: 'top_2' }],
    });
  });
});
