import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileText } from './compile-text.ts';

const text = `
inputs: { page: { type: string, default: hello }, n: { type: integer, default: 2 } }
data_types: { d: { properties: { a: { type: integer, default: 1 } } } }
node_types:
  t:
    derived_from: cloudify.nodes.Root
    properties: { p: { default: { get_property: [SELF, q] } }, q: { default: x }, d: { type: d } }
    interfaces: { i: { run: { implementation: p.run, inputs: { k: { default: 1 } } } } }
node_templates:
  vm: &vm { type: cloudify.nodes.Compute, capabilities: { scalable: { properties: { default_instances: { get_input: n } } } } }
  app:
    type: t
    properties: { q: { concat: [{ get_input: page }, { get_attribute: [vm, ip] }] } }
    relationships: [{ type: cloudify.relationships.contained_in, target: vm }]
outputs: { url: { value: { string_upper: { get_property: [app, q] } } } }
groups: { g: { members: [vm, app] } }
policies: { s: { type: cloudify.policies.scaling, targets: [g] } }
`;

test('no change of the text makes the compiler throw, and a plan means no error', async () => {
  const change = fc.record({
    at: fc.nat(text.length),
    remove: fc.nat(12),
    insert: fc.oneof(
      fc.constantFrom('[', ']', '{', '}', ': ', '- ', '*vm', '&a ', '\n', '<<: ', 'null', '1', '"'),
      fc.string({ maxLength: 4 }),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      let mutated = text;
      for (const { at, remove, insert } of changes)
        mutated = mutated.slice(0, at) + insert + mutated.slice(at + remove);
      const { plan, diagnostics } = await compileText(mutated);
      expect(plan === null).toBe(diagnostics.some((one) => one.severity === 'error'));
    }),
    { numRuns: 300 },
  );
});

test('names that objects have by themselves are names like any other', async () => {
  const { plan } = await compileText(`
inputs: { constructor: { default: 1 } }
node_templates: { toString: { type: cloudify.nodes.Root }, __proto__: { type: cloudify.nodes.Root } }
outputs: { hasOwnProperty: { value: { get_input: constructor } } }
`);
  expect(Object.keys(plan?.nodes ?? {})).toEqual(['toString', '__proto__']);
  expect(plan?.outputs['hasOwnProperty' as string]?.value).toBe(1);
});

test('ten times the nodes take about ten times as long', async () => {
  await timeOf(300);
  const small = await timeOf(300);
  const large = await timeOf(3000);
  expect(large).toBeLessThan(small * 30);
});

/** Processor time, since other tests run beside this one. */
async function timeOf(count: number): Promise<number> {
  const lines = ['node_templates:', '  n0: { type: cloudify.nodes.Compute }'];
  for (let i = 1; i < count; i += 1) {
    lines.push(
      `  n${i}:`,
      '    type: cloudify.nodes.Compute',
      `    properties: { ip: { get_property: [n${i - 1}, ip] } }`,
      `    interfaces: { i: { run: { implementation: p.run, inputs: { a: { get_attribute: [n${i - 1}, ip] } } } } }`,
      `    relationships: [{ type: cloudify.relationships.depends_on, target: n${i - 1} }]`,
    );
  }
  const start = process.cpuUsage();
  const { plan } = await compileText(`${lines.join('\n')}\n`);
  expect(Object.keys(plan?.nodes ?? {})).toHaveLength(count);
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
