import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const bootstrap = fileURLToPath(new URL('../../scripts/bootstrap.mjs', import.meta.url));
let checkout: string;

/** A checkout whose packages are installed, with a script that the test writes. */
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'braid-bootstrap-'));
  await mkdir(join(checkout, 'node_modules', '.bin'), { recursive: true });
  await mkdir(join(checkout, 'scripts'));
  await cp(bootstrap, join(checkout, 'scripts', 'bootstrap.mjs'));
  await symlink(process.execPath, join(checkout, 'node_modules', '.bin', 'node'));
  await writeFile(join(checkout, 'package-lock.json'), '{}');
  await writeFile(join(checkout, 'node_modules', '.package-lock.json'), '{}');
});
afterEach(() => rm(checkout, { recursive: true }));

const write = (text: string) => writeFile(join(checkout, 'scripts', 'hello.ts'), text);
const command = (...args: readonly string[]) => [join(checkout, 'scripts', 'bootstrap.mjs'), ...args];
const run = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, command(...args), { encoding: 'utf8', cwd: tmpdir(), env });

it('runs the script with its arguments, in the checkout, the packages’ tools first', async () => {
  await write(`
    console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.env['PATH']?.split(':')[0]]));
    process.exitCode = 7;
  `);
  const { status, stdout, stderr } = run(['hello', '--down', 'a b']);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([['--down', 'a b'], checkout, join(checkout, 'node_modules', '.bin')]);
  expect(status).toBe(7);
});

it('installs the packages first when the lock file is newer, and says why', async () => {
  await write(`console.log('hello');`);
  const tools = join(checkout, 'tools');
  await mkdir(tools);
  await writeFile(join(tools, 'npm'), '#!/bin/sh\necho "npm $1" in "$PWD"\n', { mode: 0o755 });
  const future = new Date(Date.now() + 60_000);
  await utimes(join(checkout, 'package-lock.json'), future, future);
  const { status, stdout } = run(['hello'], {
    ...process.env,
    PATH: `${tools}:${process.env['PATH'] ?? ''}`,
  });
  expect(stdout).toMatch(
    /package-lock\.json is newer.*\nnpm ci in .*\nnpm packages: done in \d+ s\nhello\n$/,
  );
  expect(status).toBe(0);
});

it.each([[[]], [['dmo']], [['../scripts/x']]])('refuses %j', (args) => {
  const { status, stderr } = run(args);
  expect(status).toBe(2);
  expect(stderr).toContain('Type `npm run demo` or `npm test`');
});

it('passes a signal on and ends as the script did', async () => {
  await write(`
    process.on('SIGTERM', () => { console.log('asked'); process.exit(9); });
    setInterval(() => undefined, 1000);
    console.log('up');
  `);
  const child = spawn(process.execPath, command('hello'), { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  child.stdout.on('data', (data: Buffer) => {
    said.push(data.toString().trim());
    if (said.includes('up')) child.kill('SIGTERM');
  });
  const [status] = await once(child, 'close');
  expect(said).toEqual(['up', 'asked']);
  expect(status).toBe(9);
});
