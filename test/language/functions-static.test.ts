import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf, remarksOn } from './compile-text.ts';

const valueOf = async (expression: string, inputs = {}) =>
  (
    await planOf(
      `inputs: { a: { default: x }, d: { default: { k: v } } }\noutputs: { o: { value: ${expression} }, i: { value: [{ get_input: a }, { get_input: d }] } }\n`,
      { inputs },
    )
  ).outputs.o?.value;

test.each([
  ['{ concat: [a, 5, [1], null, true] }', 'a5[1]NoneTrue'],
  ['{ concat: [{ get_input: a }, { concat: [b, c] }] }', 'xbc'],
  ['{ merge: [{ a: 1, b: 1 }, { b: 2 }] }', { a: 1, b: 2 }],
  ['{ merge: [{ get_input: d }, { l: w }] }', { k: 'v', l: 'w' }],
  ['{ string_find: [hello, l] }', 2],
  ['{ string_find: [hello, z] }', -1],
  ['{ string_replace: [aaa, a, b] }', 'bbb'],
  ['{ string_replace: [aaa, a, b, 2] }', 'bba'],
  ['{ string_split: ["a,b", ","] }', ['a', 'b']],
  ['{ string_split: ["a,b", ",", 1] }', 'b'],
  ['{ string_lower: ABC }', 'abc'],
  ['{ string_upper: { get_input: a } }', 'X'],
  ['{ get_input: [d, k] }', 'v'],
  ['{ concat: [a, { get_secret: s }, { get_input: a }] }', { concat: ['a', { get_secret: 's' }, 'x'] }],
  ['{ concat: [a], type: string }', 'a'],
  ['{ concat: [a], other: 1 }', { concat: ['a'], other: 1 }],
])('%s', async (expression, value) => {
  expect(await valueOf(expression)).toEqual(value);
});

test('a function in an input that is given is refused: inputs are data', async () => {
  for (const a of [{ concat: ['1', '2'] }, [{ x: { get_secret: 'own/kubeconfig' } }]]) {
    await expect(valueOf('{ get_input: a }', { a })).rejects.toThrow(
      /function-in-input .*`a` holds a function/,
    );
  }
  expect(await valueOf('{ get_secret: { get_input: a } }', { a: 'own/mine' })).toEqual({
    get_secret: 'own/mine',
  });
});

test.each(['{ get_attribute: [n, x] }', '[{ concat: [{ get_capability: [d, x] }] }, part]'])(
  'the name of a secret is not computed at run time: %s',
  async (name) => {
    await expect(valueOf(`{ get_secret: ${name} }`)).rejects.toThrow(/computed-secret-name/);
  },
);

const nodes = (a: string, b: string) => `
node_types: { t: { properties: { p: { required: false }, q: { required: false } } } }
node_templates:
  a: { type: t, properties: ${a} }
  b: { type: t, properties: ${b} }
`;
const ofB = async (a: string, b: string) => (await planOf(nodes(a, b))).nodes.b?.properties.p;

test('get_property follows names, SELF and paths, through other functions', async () => {
  expect(await ofB('{ p: 1 }', '{ p: { get_property: [a, p] } }')).toBe(1);
  expect(await ofB('{ p: { x: [5, 6] } }', '{ p: { get_property: [a, p, x, 1] } }')).toBe(6);
  expect(await ofB('{}', '{ p: { get_property: [SELF, q] }, q: { concat: [x, y] } }')).toBe('xy');
  expect(
    await ofB('{ p: { get_property: [SELF, q] }, q: { k: 7 } }', '{ p: { get_property: [a, p, k] } }'),
  ).toBe(7);
  expect(await ofB('{}', '{ p: { x: { get_property: [SELF, p, y] }, y: 3 } }')).toEqual({ x: 3, y: 3 });
});

test('what only run time knows stays a function', async () => {
  const attribute = '{ p: { get_attribute: [SELF, x] } }';
  expect(await ofB(attribute, '{ p: { get_property: [a, p] } }')).toEqual({ get_property: ['a', 'p'] });
  expect(await ofB(attribute, '{ p: { get_property: [a, p, deep] } }')).toEqual({
    get_property: ['a', 'p', 'deep'],
  });
});

test('a property that is not there, and a circle of properties, are told', async () => {
  expect(await remarksOn(nodes('{}', '{ p: { get_property: [a, z] } }'))).toEqual(['evaluation-failed 4:34']);
  const circle = nodes('{ p: { get_property: [b, p] } }', '{ p: { get_property: [a, p] } }');
  expect((await remarksOn(circle)).map((one) => one.split(' ')[0])).toEqual(['property-cycle']);
});

test('a function names what exists, where it may', async () => {
  expect(await remarksOn(nodes('{}', '{ p: { get_attribute: [c, z] } }'))).toEqual(['unknown-node 4:52']);
  expect(await remarksOn(nodes('{}', '{ p: { get_attribute: [SOURCE, z] } }'))).toEqual([
    'misplaced-reference 4:52',
  ]);
  expect(await remarksOn('outputs: { o: { value: { get_attribute: [SELF, z] } } }\n')).toEqual([
    'misplaced-reference 1:42',
  ]);
  const relationship = `
node_templates:
  a: { type: cloudify.nodes.Root }
  b:
    type: cloudify.nodes.Root
    relationships:
      - { type: cloudify.relationships.depends_on, target: a, source_interfaces: { i: { x: { implementation: p.x, inputs: { k: { get_attribute: [SELF, a] } } } } } }
`;
  expect(await remarksOn(relationship)).toEqual(['misplaced-reference 6:146']);
});

const remarksOnOutput = (expression: string) => remarksOn(`outputs: { o: { value: ${expression} } }\n`);

test('arguments are checked', async () => {
  expect(await remarksOnOutput('{ concat: text }')).toEqual(['invalid-arguments 1:34']);
  expect(await remarksOnOutput('{ get_attribute: node }')).toEqual(['invalid-arguments 1:41']);
  expect(await remarksOnOutput('{ get_capability: [d] }')).toEqual(['invalid-arguments 1:42']);
  expect(await remarksOnOutput('{ merge: [1] }')).toEqual(['illegal-argument 1:34']);
  expect(await remarksOnOutput('{ string_replace: [a, b] }')).toEqual(['illegal-argument 1:42']);
});

const remarksOnValue = (value: string) => remarksOn(`outputs:\n  o:\n    value: ${value}\n`);

test('what looks like a function and is none is warned of', async () => {
  expect(await remarksOnValue('{ get_atribute: [n, x] }')).toEqual(['misspelt-function 3:14']);
  expect(await remarksOnValue('|\n      x: { get_input: a }')).toEqual(['function-in-text 3:12']);
  expect(await remarksOnValue('{ name: [n, x] }')).toEqual([]);
});

test('evaluating again changes nothing', async () => {
  const leaf = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('a', 'b'),
    fc.constant({ get_secret: 's' }),
  );
  const { expression } = fc.letrec((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({ concat: fc.array(tie('expression'), { maxLength: 3 }) }),
      fc.array(tie('expression'), { maxLength: 3 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(expression, async (value) => {
      const once =
        (await planOf(`outputs: { o: { value: ${JSON.stringify(value)} } }\n`)).outputs.o?.value ?? null;
      const twice =
        (await planOf(`outputs: { o: { value: ${JSON.stringify(once)} } }\n`)).outputs.o?.value ?? null;
      expect(twice).toEqual(once);
    }),
    { numRuns: 50 },
  );
});

test('a property that is named by a function and is not there is told when the inputs are known', async () => {
  const text = `
node_types: { t: { properties: { p: { default: q }, r: {} } } }
node_templates: { n: { type: t, properties: { r: { get_property: [SELF, { get_property: [SELF, p] }] } } } }`;
  expect(await remarksOn(text)).toEqual(['evaluation-failed 2:50']);
  expect(await remarksOn(text, { inputs: null })).toEqual([]);
});

test.each([
  ['string_split: [{ get_input: d }, "-"]', 'evaluation-failed'],
  ['string_replace: [{ get_input: d }, a, b]', 'evaluation-failed'],
  ['string_lower: { get_input: d }', 'illegal-argument'],
])('`%s` of what is no text is %s', async (call, told) => {
  const text = `inputs: { d: { default: { k: v } } }\noutputs: { o: { value: { ${call} } } }\n`;
  expect((await remarksOn(text)).map((one) => one.split(' ')[0])).toEqual([told]);
});

const merging = (parts: string) => `
node_templates: { n: { type: cloudify.nodes.Root } }
outputs: { o: { value: { merge: ${parts} } } }
`;

const merged = async (parts: string) => (await planOf(merging(parts))).outputs.o?.value;

test('merge waits for no function inside of what it merges', async () => {
  const late = { get_attribute: ['n', 'x'] };
  expect(await merged('[{ a: 1 }, { b: { get_attribute: [n, x] } }]')).toEqual({ a: 1, b: late });
  expect(await merged('[{ a: 1 }, { get_attribute: [n, x] }]')).toEqual({ merge: [{ a: 1 }, late] });
});

test('no property has a boolean for its name', async () => {
  const text =
    'node_templates: { n: { type: cloudify.nodes.Root } }\noutputs: { o: { value: { get_property: [n, true] } } }\n';
  expect(await remarksOn(text)).toEqual(['evaluation-failed 2:24']);
});
