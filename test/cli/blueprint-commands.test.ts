import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { braid, type Ran, start } from '../support/processes.ts';

/** The commands that need no server, as processes. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-blueprints-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: readonly string[]): Promise<Ran> => braid(args, {}, folder);

describe('init', () => {
  test('writes a blueprint that is valid, and overwrites nothing', async () => {
    const { status, stdout } = await run('init', 'new', '--template', 'plain');
    expect([status, stdout]).toEqual([
      0,
      'wrote new/blueprint.yaml\nNext: braid validate new/blueprint.yaml, then braid plan new/blueprint.yaml\n',
    ]);
    expect(await run('validate', 'new')).toEqual({
      status: 0,
      stdout: 'new/blueprint.yaml is valid.\n',
      stderr: '',
    });
    await writeFile(join(folder, 'new/blueprint.yaml'), 'mine');
    expect(await run('init', 'new')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/new\/blueprint\.yaml is there already; nothing was written\./),
    });
    expect(await readFile(join(folder, 'new/blueprint.yaml'), 'utf8')).toBe('mine');
  });

  test('has one with a machine too, scripts and all', async () => {
    expect((await run('init', 'machine')).status).toBe(0);
    const { status, stdout } = await run('plan', 'machine', '-i', 'page=hi');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^4 node instances, of 4 node templates\n/);
    expect(stdout).toMatch(
      /\n {6}start: scripts\.run\n {8}\? address: \{ get_attribute: \[ 'host', 'ip' \] \}\n/,
    );
    expect(stdout).toMatch(/\n\? 1 value known only when its operation runs\n$/);
  });
});

describe('graph', () => {
  const blueprint = `tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml]
node_templates:
  host: { type: cloudify.nodes.Compute, capabilities: { scalable: { properties: { default_instances: 2 } } } }
  say "hi":
    type: cloudify.nodes.Root
    relationships: [{ type: cloudify.relationships.contained_in, target: host }]
`;

  test('is text for Mermaid or for Graphviz', async () => {
    await writeFile(join(folder, 'graph.yaml'), blueprint);
    expect((await run('graph', 'graph.yaml')).stdout).toBe(`flowchart LR
  n0["host<br/><small>cloudify.nodes.Compute × 2</small>"]
  n1["say #34;hi#34;<br/><small>cloudify.nodes.Root</small>"]
  n1 ==>|"contained_in"| n0
`);
    expect((await run('graph', 'graph.yaml', '--format', 'dot')).stdout).toBe(`digraph blueprint {
  rankdir=LR;
  node [shape=box];
  "host" [label="host\\ncloudify.nodes.Compute × 2"];
  "say \\"hi\\"" [label="say \\"hi\\"\\ncloudify.nodes.Root"];
  "say \\"hi\\"" -> "host" [label="contained_in", style=bold];
}
`);
  });
});

describe('how strictly a blueprint is read', () => {
  const blueprint = `tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml]
inputs: { unused: { default: ä } }
`;

  test('is for people to say', async () => {
    await writeFile(join(folder, 'warned.yaml'), blueprint);
    const shown = 'unused-input: No function reads the input `unused`.';
    expect(await run('validate', 'warned.yaml')).toMatchObject({
      status: 0,
      stderr: expect.stringContaining(`warned.yaml:3:11: warning ${shown}`),
    });
    expect(await run('validate', 'warned.yaml', '--strict')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`warned.yaml:3:11: error ${shown}`),
    });
    expect(await run('validate', 'warned.yaml', '--compat')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('warned.yaml:3:30: error non-ascii:'),
    });
  });
});

test('standard input is a blueprint whose imports are where the command runs', async () => {
  await mkdir(join(folder, 'here'));
  await writeFile(join(folder, 'here/types.yaml'), 'node_types: { t: {} }\n');
  const { child, ended } = start('src/cli/main.mjs', ['validate', '-'], {}, join(folder, 'here'), 'pipe');
  child.stdin?.end(
    'tosca_definitions_version: cloudify_dsl_1_3\nimports: [types.yaml]\nnode_templates: { n: { type: u } }\n',
  );
  expect(await ended).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^<stdin>:3:30: error unknown-type: .*\n.*\n {33}\^\n/),
  });
});

test('several blueprints are told as one list of JSON', async () => {
  await writeFile(join(folder, 'good.yaml'), 'tosca_definitions_version: cloudify_dsl_1_3\n');
  await writeFile(join(folder, 'bad.yaml'), 'tosca_definitions_version: cloudify_dsl_1_3\nnode_type: {}\n');
  const { status, stdout } = await run('validate', 'good.yaml', 'bad.yaml', '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    diagnostics: [
      {
        blueprint: 'bad.yaml',
        code: 'unknown-key',
        line: 2,
        hint: 'Did you mean `node_types`?',
        importedFrom: [],
        docs: 'docs/errors.md#unknown-key',
      },
    ],
  });
});
