import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { braid, root } from '../support/processes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-terminal-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bad = '\u001B[2J\u001B]0;pwned\u0007\u009B31m\u202E';
const obeyed = /[^\P{Cc}\n\t]|\u202E/u;
const colour = new RegExp(String.raw`\u001B\[\d+m`, 'g');
const colours = { FORCE_COLOR: '1' };

test('no command writes to a terminal but by the one that shows texts', () => {
  const allowed = new Set(['terminal.ts', 'redraw.ts']);
  const files = readdirSync(join(root, 'src/cli'), { recursive: true, encoding: 'utf8' });
  const writing = /std(?:out|err)\.write|\bconsole\.|createLogUpdate|\.pipe\(process\./;
  const offences = files
    .filter((name) => /\.m?[jt]s$/.test(name) && !allowed.has(name))
    .filter((name) => writing.test(readFileSync(join(root, 'src/cli', name), 'utf8')));
  expect(offences).toEqual([]);
});

describe('what a command says of what it did not write itself', () => {
  test('has none of its control characters, and our colours', async () => {
    const name = join(folder, 'blueprint.yaml');
    await writeFile(name, `tosca_definitions_version: "${JSON.stringify(bad).slice(1, -1)}"\n`);
    const { stderr, status } = await braid(['validate', name], colours);
    expect(status).toBe(2);
    expect(stderr).toContain('\u001B[31merror');
    expect(stderr.replaceAll(colour, '')).not.toMatch(obeyed);
  });

  test('also in an error', async () => {
    const { stderr, status } = await braid(['validate', `no${bad}thing`], colours);
    expect(status).toBe(2);
    expect(stderr).toContain('\u001B[31mBlueprintNotFound:');
    expect(stderr).toContain('There is no file no\uFFFDthing.');
    expect(stderr.replaceAll(colour, '')).not.toMatch(obeyed);
  });

  test('also in what is wrong with the command line', async () => {
    const { stderr } = await braid([`in${bad}stall`], {});
    expect(stderr).toContain('unknown command');
    expect(stderr).not.toMatch(obeyed);
  });

  test('also in an error that nobody caught', async () => {
    const fail = `setInterval(() => { if (process.listenerCount('uncaughtException') > 0) throw new Error(${JSON.stringify(`it broke${bad}`)}) }, 5)`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(fail)}`;
    const { stderr, status } = await braid(['codec', '--port', '0'], { NODE_OPTIONS });
    expect(status).toBe(1);
    expect(stderr).toContain('it broke');
    expect(stderr).not.toMatch(obeyed);
  });

  test('also in JSON, whose value is the same', async () => {
    const { stdout } = await braid(['validate', `no${bad}thing`, '--json'], {});
    expect(stdout).not.toMatch(obeyed);
    expect(JSON.parse(stdout).error.message).toContain(bad);
  });
});
