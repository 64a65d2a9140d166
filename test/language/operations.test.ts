import { expect, test } from 'vitest';
import { planOf, remarksOn } from './compile-text.ts';

const type = `
node_types:
  t:
    derived_from: cloudify.nodes.Root
    interfaces:
      i:
        run:
          implementation: p.run
          max_retries: 3
          timeout: 9
          inputs: { a: { default: 1 }, b: { default: 2 } }
        none: {}
`;
const node = (operation: string) =>
  `${type}node_templates: { n: { type: t, interfaces: { i: { run: ${operation} } } } }\n`;
const run = async (operation: string, files = {}) =>
  (await planOf(node(operation), { files })).nodes.n?.operations['i.run'];

test('a template that says nothing has the operation of its type; one without implementation is not there', async () => {
  const { operations } = (await planOf(`${type}node_templates: { n: { type: t } }\n`)).nodes.n ?? {};
  expect(operations).toEqual({
    'i.run': {
      implementation: 'p.run',
      inputs: { a: 1, b: 2 },
      maxRetries: 3,
      retryInterval: null,
      timeout: 9,
    },
  });
});

test('the same implementation, or none, keeps inputs and settings where they are not told anew', async () => {
  const merged = { implementation: 'p.run', inputs: { a: 1, b: 5, c: 6 }, maxRetries: 0, timeout: 9 };
  expect(await run('{ inputs: { b: 5, c: 6 }, max_retries: 0 }')).toMatchObject(merged);
  expect(await run('{ implementation: p.run, inputs: { b: 5, c: 6 }, max_retries: 0 }')).toMatchObject(
    merged,
  );
});

test('another implementation has only its own inputs and settings', async () => {
  expect(await run('p.other')).toMatchObject({
    implementation: 'p.other',
    inputs: {},
    maxRetries: null,
    timeout: null,
  });
});

test.each(['{}', "''", '', '{ implementation: "" }', '{ inputs: {}, timeout: null }'])(
  'what tells nothing, as %j, takes the operation away',
  async (nothing) => {
    expect(await run(nothing)).toBeUndefined();
  },
);

test('a file of the blueprint is a script to run', async () => {
  const files = { 'scripts/x.sh': '#!/bin/sh\n' };
  expect(await run('{ implementation: scripts/x.sh, inputs: { k: v } }', files)).toMatchObject({
    implementation: 'scripts.run',
    inputs: { k: 'v', script_path: 'scripts/x.sh' },
  });
  expect(
    await remarksOn(node('{ implementation: x.sh, inputs: { script_path: v } }'), { files: { 'x.sh': '' } }),
  ).toEqual(['reserved-input 12:75']);
});

test('an implementation belongs to exactly one plugin', async () => {
  expect(await remarksOn(node('q.run'))).toEqual(['unknown-plugin 12:57']);
  expect(await remarksOn(node('scripts/lost.sh'))).toEqual(['unknown-plugin 12:57']);
  const two = 'plugins: { p.run: { executor: host_agent, install: false } }\n';
  expect(await remarksOn(`${node('p.run.it')}${two}`)).toEqual(['ambiguous-plugin 12:57']);
});

test('executor and numbers are checked', async () => {
  expect(await remarksOn(node('{ executor: nobody }'))).toEqual(['invalid-executor 12:69']);
  expect(await remarksOn(node('{ max_retries: -2 }'))).toEqual(['invalid-retries 12:72']);
  expect(await remarksOn(node('{ retry_interval: soon }'))).toEqual(['wrong-shape 12:75']);
  expect(await remarksOn(node('{ max_retries: 2.0 }'))).toEqual(['wrong-shape 12:72']);
  expect(await remarksOn(node('{ executor: host_agent }'))).toEqual(['no-host 12:52']);
});

test('a host agent has a host when its node is contained in a Compute', async () => {
  const text = `
node_templates:
  vm: { type: cloudify.nodes.Compute }
  n:
    type: cloudify.nodes.Root
    interfaces: { i: { run: { implementation: p.run, executor: host_agent } } }
    relationships: [{ type: cloudify.relationships.contained_in, target: vm }]
`;
  expect(await remarksOn(text)).toEqual([]);
});

const requiring = (inputs: string) => `
node_types: { t: { interfaces: { i: { run: { implementation: p.run, inputs: { a: {} } } } } } }
node_templates: { n: { type: t, interfaces: { i: { run: { inputs: { ${inputs} } } } } } }
`;

test('a required input of an operation must be given', async () => {
  expect(await remarksOn(requiring('a: 1'))).toEqual([]);
  expect(await remarksOn(requiring('b: 1'))).toEqual(['missing-property 2:52']);
});

test('a plugin tells where it runs and where it comes from', async () => {
  expect(await remarksOn('plugins: { q: { executor: moon, install: false } }\n')).toEqual([
    'plugin-executor 1:27',
  ]);
  expect(await remarksOn('plugins: { q: { executor: host_agent } }\n')).toEqual(['plugin-source 1:12']);
  expect(await remarksOn('plugins: { q: { install: false } }\n')).toEqual(['missing-key 1:12']);
});
