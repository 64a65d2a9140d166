import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { braid, root, start, startProgram } from '../support/processes.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'braid-usage-'));
});
afterAll(() => rm(home, { recursive: true }));

/** Nothing listens on port 1. */
const nowhere = () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1', XDG_CONFIG_HOME: home });

describe('wrong usage: exit status 2 and what is right', () => {
  it.each([
    [['instal'], /unknown command 'instal'\n\(Did you mean install\?\)/],
    [['install'], /missing required argument 'deployment'\nType `braid install --help`/],
    [['install', 'a'], /missing required argument 'blueprint'/],
    [
      ['install', 'No Good', 'a.yaml'],
      /'No Good' is invalid .*small letters, digits and inner hyphens only\./,
    ],
    [['status', 'x'.repeat(51)], /at most 50 characters\./],
    [['list', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    [['list', 'more'], /too many arguments/],
    [['install', 'a', 'a.yaml', '--on-failure', 'panic'], /Allowed choices are stop, rollback/],
    [['install', 'a', 'a.yaml', '-i', 'greeting'], /InvalidInput: greeting is neither key=value nor a file/],
    [['install', 'a', 'a.yaml', '-i', 'a={'], /InvalidInput: the input a is not valid YAML/],
    [['install', 'a', 'a.yaml', '-i', 'biome.json', '-i', '/dev/null'], /\/dev\/null must be a mapping/],
    [['heal', 'a', '--every', 'now'], /Give an interval such as 30s, 5m or 1h\./],
    [['lab', 'sideways'], /unknown command 'sideways'/],
  ])('%s', async (args, message) => {
    expect(await braid(args, nowhere())).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });

  it('is JSON when asked for', async () => {
    const { status, stdout, stderr } = await braid(['install', 'a', '--json'], nowhere());
    expect([status, stderr]).toEqual([2, '']);
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'InvalidInput',
        message: "missing required argument 'blueprint'",
        remedy: null,
        details: null,
      },
    });
  });
});

describe('without a Temporal server', () => {
  it('says so at once, exit status 1', async () => {
    expect(await braid(['list'], nowhere())).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'TemporalUnreachable: No Temporal server answers at 127.0.0.1:1: the connection is refused.\nStart it, or correct the address.\n',
    });
  });

  it('says it as JSON too', async () => {
    const { status, stdout } = await braid(['check', 'a', '--json'], nowhere());
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'TemporalUnreachable' } });
  });

  it('tells which setting is wrong, exit status 2', async () => {
    const { status, stderr } = await braid(['list'], { ...nowhere(), TEMPORAL_PROFILE: 'none-such' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/ConfigurationInvalid: The Temporal client profile cannot be used: .*none-such/);
  });
});

const commands =
  'install check prove heal uninstall list status outputs follow cancel validate plan schema lsp worker secret lab'.split(
    ' ',
  );

describe('help', () => {
  it.each([[['--help']], [['help']]])('%s tells every command, exit status 0', async (args) => {
    const { status, stdout } = await braid(args, nowhere());
    expect(status).toBe(0);
    for (const command of commands) {
      expect(stdout).toMatch(new RegExp(`^  ${command}( |\\n)`, 'm'));
    }
  });

  it('of one command tells its arguments and options', async () => {
    const { status, stdout } = await braid(['install', '--help'], nowhere());
    expect(status).toBe(0);
    expect(stdout).toMatch(/-i, --input <input>[^]*--on-failure[^]*--adopt[^]*--json/);
  });
});

it('ends quietly when its reader has seen enough', async () => {
  const { child, ended } = start('src/cli/main.mjs', ['schema'], nowhere());
  child.stdout?.destroy();
  expect(await ended).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('in a checkout', () => {
  it.each([['npx braid'], ['npm run --silent braid --']])('`%s` works', async (line) => {
    const [program = '', ...args] = line.split(' ');
    const environment = { ...nowhere(), npm_config_offline: 'true' };
    const { status, stdout } = await startProgram(program, [...args, '--version'], environment, root).ended;
    expect([status, stdout]).toEqual([0, '0.1.0\n']);
  });
});
