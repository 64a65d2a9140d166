import { expect, test } from 'vitest';
import type { Plan } from '../../src/contracts/plan.ts';
import { compile, diff, expand } from 'braid/language';

const head = `tosca_definitions_version: cloudify_dsl_1_3
relationships: { cloudify.relationships.depends_on: {} }
plugins: { p: { executor: central_deployment_agent, install: false } }
node_types: { t: { properties: { port: { default: 80 } } } }
`;

async function planOf(text: string): Promise<Plan> {
  const load = async (file: string) =>
    file === 'main.yaml' ? { file, text: head + text } : { reason: 'there is no such file.' };
  const { plan, diagnostics } = await compile({ main: 'main.yaml', load, inputs: {} });
  if (plan === null) throw new Error(JSON.stringify(diagnostics));
  return plan;
}

const toA = '{ type: cloudify.relationships.depends_on, target: a }';
const before = `
node_templates:
  a: { type: t }
  b: { type: t, relationships: [${toA}] }
  c: { type: t }
outputs: { url: { value: x } }
`;

test('two plans of one text have no difference', async () => {
  expect(diff(await planOf(before), await planOf(before))).toEqual([]);
});

test('what was added, removed and changed is told by its path', async () => {
  const after = `
node_templates:
  a: { type: t, properties: { port: 81 }, interfaces: { i: { run: p.run } }, instances: { deploy: 2 } }
  b: { type: t }
  d: { type: t, relationships: [${toA}] }
outputs: { url: { value: y } }
`;
  const found = diff(await planOf(before), await planOf(after));
  expect(found.map(({ change, path }) => `${change} ${path.join(' / ')}`)).toEqual([
    'changed nodes / a / properties / port',
    'added nodes / a / operations / i.run',
    'changed nodes / a / instances / default',
    'removed nodes / b / relationships / cloudify.relationships.depends_on a',
    'removed nodes / c',
    'added nodes / d',
    'changed outputs / url',
  ]);
  expect(found[0]).toMatchObject({ before: 80, after: 81 });
});

test('the library makes the instances of a plan', async () => {
  expect(expand(await planOf(before), () => 'x7k2pd').map(({ id }) => id)).toEqual([
    'a_x7k2pd',
    'b_x7k2pd',
    'c_x7k2pd',
  ]);
});
