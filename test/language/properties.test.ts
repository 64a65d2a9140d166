import { describe, expect, test } from 'vitest';
import { compileText, planOf, remarksOn } from './compile-text.ts';

const typed = (schema: string, value: string) => `
node_types: { t: { properties: { p: ${schema} } } }
node_templates: { n: { type: t, properties: { ${value} } } }
`;

test.each([
  ['integer', '1', []],
  ['integer', 'true', ['wrong-type 2:50']],
  ['integer', '"3"', ['wrong-type 2:50']],
  ['float', '1', []],
  ['float', 'x', ['wrong-type 2:50']],
  ['boolean', 'on', []],
  ['boolean', '1', ['wrong-type 2:50']],
  ['string', '1', []],
  ['list', '[1]', []],
  ['list', '{}', ['wrong-type 2:50']],
  ['dict', '{ a: 1 }', []],
  ['dict', '[]', ['wrong-type 2:50']],
  ['regex', '"a+"', []],
  ['regex', '"a("', ['wrong-type 2:50']],
  ['integer', '{ get_secret: s }', []],
])('a property of type %s and the value %s', async (type, value, remarks) => {
  expect(await remarksOn(typed(`{ type: ${type} }`, `p: ${value}`))).toEqual(remarks);
});

test('an unknown property is refused, with what was meant', async () => {
  expect(await remarksOn(typed('{ default: 1 }', 'q: 1'))).toEqual(['unknown-property 2:47']);
});

test('a required property must have a value, unless the resource exists already', async () => {
  expect(await remarksOn(typed('{ type: string }', ''))).toEqual(['missing-property 2:33']);
  expect(await remarksOn(typed('{ required: false }', ''))).toEqual([]);
  const external = typed(
    '{ type: string }, use_external_resource: { default: false }',
    'use_external_resource: true',
  );
  expect(await remarksOn(external)).toEqual([]);
});

test('use_external_resource is told, not computed', async () => {
  const text = typed(
    '{ default: 1 }, use_external_resource: { default: false }',
    'use_external_resource: { concat: [a] }',
  );
  expect(await remarksOn(text)).toEqual(['external-by-function 2:70']);
});

const nodeWith = (rest: string) => `node_templates: { n: { type: cloudify.nodes.Root, ${rest} } }\n`;

const scalable = (numbers: string) => `capabilities: { scalable: { properties: { ${numbers} } } }`;

test('numbers of instances', async () => {
  const of = async (rest: string) => (await planOf(nodeWith(rest))).nodes.n?.instances;
  expect(await of('')).toEqual({ default: 1, min: 0, max: null });
  expect(await of('instances: { deploy: 3 }')).toEqual({ default: 3, min: 0, max: null });
  expect(await of(scalable('default_instances: 2, min_instances: 1, max_instances: 4'))).toEqual({
    default: 2,
    min: 1,
    max: 4,
  });
  expect(await of(scalable('max_instances: UNBOUNDED'))).toEqual({ default: 1, min: 0, max: null });
  expect(await remarksOn(nodeWith(scalable('default_instances: 5, max_instances: 4')))).toEqual([
    'invalid-instances 1:112',
  ]);
  expect(await remarksOn(nodeWith(`instances: { deploy: 2 }, ${scalable('')}`))).toEqual([
    'instances-twice 1:51',
  ]);
  expect(await remarksOn(nodeWith('instances: { deploy: -1 }'))).toEqual(['wrong-shape 1:72']);
});

/** The property of a node of a type that defines it so, and what is said of it. */
const propertyOf = async (schema: string, given = ''): Promise<readonly unknown[]> => {
  const { plan, diagnostics } = await compileText(`
data_types: { d: { properties: { a: { default: 1 } } } }
node_types: { t: { properties: { k: { ${schema} default: null } } } }
node_templates: { n: { type: t, properties: { ${given} } } }`);
  return [plan?.nodes['n']?.properties['k'], ...diagnostics.map(({ code }) => code)];
};

describe('a default of null', () => {
  test.each([
    ['of any type', '', [null]],
    ['of a text', 'type: string,', [null]],
    ['that is not required', 'required: false,', [null]],
    ['of a data type is what its properties give', 'type: d,', [{ a: 1 }]],
    ['of another type is wrong where it is used', 'type: integer,', [undefined, 'wrong-type']],
  ])('%s', async (_what, schema, found) => {
    expect(await propertyOf(schema)).toEqual(found);
  });

  test('of another type does no harm where there is a value', async () => {
    expect(await propertyOf('type: integer,', 'k: 2')).toEqual([2]);
  });

  test('replaces that of a parent', async () => {
    const { nodes } = await planOf(`
node_types: { t: { properties: { k: { default: 1 } } }, u: { derived_from: t, properties: { k: { default: null } } } }
node_templates: { n: { type: u } }`);
    expect(nodes['n']?.properties).toEqual({ k: null });
  });

  test('of an input of an operation fits every type', async () => {
    const { plan, diagnostics } = await compileText(`
node_types: { t: { interfaces: { i: { o: { implementation: p.x, inputs: { k: { type: integer, default: null } } } } } } }
node_templates: { n: { type: t } }`);
    expect(plan?.nodes['n']?.operations['i.o']?.inputs).toEqual({ k: null });
    expect(diagnostics).toEqual([]);
  });

  test('of an input of the blueprint is none', async () => {
    const text = 'inputs: { i: { default: null } }\noutputs: { o: { value: { get_input: i } } }';
    expect(await remarksOn(text)).toEqual(['missing-input 1:11']);
  });
});
