import { describe, expect, test } from 'vitest';
import { compileFiles, compileText, planOf, remarksOn } from './compile-text.ts';

/** What a blueprint may make of itself: every attempt at more ends soon, with a diagnostic. */

const codesOf = async (text: string): Promise<readonly string[]> => {
  const remarks = await remarksOn(text);
  return [...new Set(remarks.map((one) => one.split(' ')[0] ?? one))];
};
const times = (count: number, line: (n: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, n) => line(n + 1)).join(between);

/** Sixty properties, each made of the one before it. */
const chain = (value: (n: number) => string): string => `
node_types: { t: { properties: { p0: {}, ${times(60, (n) => `p${n}: { default: ${value(n)} },`, ' ')} } } }
node_templates: { n: { type: t, properties: { p0: 'abcd' } } }`;

const before = (n: number): string => `{ get_property: [SELF, p${n - 1}] }`;

describe('a text', () => {
  test.each([
    ['lists', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['maps', `${'{ a: '.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['lists that never end', '['.repeat(10_000)],
    ['lists in blocks', `\n    ${'- '.repeat(10_000)}1`],
    ['maps in blocks', times(10_000, (n) => `\n${' '.repeat(n + 4)}a:`)],
  ])('of %s, 10,000 deep, is refused', async (_what, text) => {
    const codes = await codesOf(`dsl_definitions:\n  a: ${text}\n`);
    expect(codes).toHaveLength(1);
    expect(['too-deep', 'invalid-yaml', 'too-large']).toContain(codes[0]);
  });

  test('of 50 MB is refused before it is read', async () => {
    expect(await codesOf(`description: ${'x'.repeat(50_000_000)}`)).toEqual(['too-large']);
  });

  test('of aliases that multiply is refused', async () => {
    const text = `dsl_definitions:\n  a0: &a0 [1, 1]\n${times(60, (n) => `  a${n}: &a${n} [*a${n - 1}, *a${n - 1}]`)}`;
    expect(await codesOf(text)).toEqual(['too-many-aliases']);
  });
});

describe('imports', () => {
  test('that lead in a circle of namespaces have an end', async () => {
    const main = 'tosca_definitions_version: cloudify_dsl_1_3\nimports: [x--main.yaml]\n';
    const { diagnostics } = await compileFiles({ 'main.yaml': main });
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-imports']);
  });

  test('that multiply have an end', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [
        `f${n}.yaml`,
        `imports: [x--f${n + 1}.yaml, y--f${n + 1}.yaml]\n`,
      ]),
    );
    const main = 'tosca_definitions_version: cloudify_dsl_1_3\nimports: [f0.yaml]\n';
    const { diagnostics } = await compileFiles({ ...files, 'main.yaml': main });
    expect(diagnostics.map(({ code }) => code)).toEqual(['too-many-imports']);
  });
});

describe('data types', () => {
  test.each([
    ['from the inside out', (n: number) => [n, n - 1]],
    ['from the outside in', (n: number) => [10_000 - n, 10_001 - n]],
  ])('that contain each other 10,000 deep, told %s, are refused', async (_order, pair) => {
    const types = times(10_000, (n) => {
      const [outer, inner] = pair(n);
      return `  d${outer}: { properties: { p: { type: d${inner} } } }`;
    });
    const ends =
      '  d0: {}\n'.repeat(types.includes('  d0:') ? 0 : 1) +
      (types.includes('d10000:') ? '' : '  d10000: {}\n');
    expect(await codesOf(`data_types:\n${ends}${types}`)).toEqual(['too-deep']);
  });

  test('that contain each other many times over are refused', async () => {
    const text = `data_types:
  d0: { properties: { a: { default: 1 }, b: { default: 1 } } }
${times(60, (n) => `  d${n}: { properties: { a: { type: d${n - 1} }, b: { type: d${n - 1} } } }`)}
node_types: { t: { properties: { p: { type: d60 } } } }
node_templates: { n: { type: t } }`;
    expect(await codesOf(text)).toEqual(['too-much']);
  });
});

describe('functions', () => {
  test('that make a text twice as long again and again are refused', async () => {
    const codes = await codesOf(chain((n) => `{ concat: [${before(n)}, ${before(n)}] }`));
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(['evaluation-failed', 'too-much']).toContain(code);
  });

  test('that make a list twice as long again and again are refused', async () => {
    expect(await codesOf(chain((n) => `[${before(n)}, ${before(n)}]`))).toEqual(['too-much']);
  });

  test('of inputs too', async () => {
    const text = `
inputs:
  i0: { default: a }
${times(60, (n) => `  i${n}: { default: [{ get_input: i${n - 1} }, { get_input: i${n - 1} }] }`)}
outputs: { o: { value: { get_input: i60 } } }`;
    expect(await codesOf(text)).toEqual(['too-much']);
  });

  test('of properties that lead to each other, 10,000 one after the other, are refused', async () => {
    const text = `
node_types: { t: { properties: { p: { default: 1 } } } }
node_templates:
${times(10_000, (n) => `  n${n}: { type: t, properties: { p: { get_property: [n${n + 1}, p] } } }`)}
  n10001: { type: t }`;
    expect(await codesOf(text)).toEqual(['property-cycle']);
  });

  test('that replace parts of a text by long ones are refused', async () => {
    const text = `outputs: { o: { value: { string_replace: ['${'a'.repeat(10_000)}', a, '${'b'.repeat(10_000)}'] } } }`;
    expect(await remarksOn(text)).toEqual([expect.stringMatching(/^evaluation-failed /)]);
  });
});

test('of two functions in one map the last counts, and the first is told', async () => {
  const text = `
inputs: { i: { default: 1 } }
node_types: { t: { properties: { p: {}, q: { default: 2 } } } }
node_templates: { n: { type: t, properties: { p: { get_input: i, get_property: [SELF, q] } } } }
outputs: { o: { value: { get_input: i } } }`;
  expect(await remarksOn(text)).toEqual(['hidden-function 3:52']);
  expect((await planOf(text)).nodes['n']?.properties['p']).toBe(2);
});

test('of two functions in one map both are kept when they must wait', async () => {
  const value = '{ get_secret: s, get_attribute: [n, a] }';
  const { outputs } = await planOf(`
node_templates: { n: { type: cloudify.nodes.Root } }
outputs: { o: { value: ${value} } }`);
  expect(outputs['o']?.value).toEqual({ get_secret: 's', get_attribute: ['n', 'a'] });
});

describe('a diagnostic', () => {
  test('tells the imports that lead to its file, and where its code is explained', async () => {
    const head = 'tosca_definitions_version: cloudify_dsl_1_3\n';
    const { diagnostics } = await compileFiles({
      'main.yaml': `${head}imports: [one.yaml]\n`,
      'one.yaml': `${head}imports:\n  - two.yaml\n  - main.yaml\n`,
      'two.yaml': 'node_type: {}\n',
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'unknown-key',
        file: 'two.yaml',
        docs: 'docs/errors.md#unknown-key',
        importedFrom: [
          { file: 'one.yaml', line: 3, column: 5 },
          { file: 'main.yaml', line: 2, column: 11 },
        ],
      },
    ]);
  });

  test('that warns is an error when it is strict', async () => {
    const text = 'inputs: { i: {} }';
    expect(await compileText(text, { inputs: null })).toMatchObject({
      diagnostics: [{ severity: 'warning' }],
    });
    const { plan, diagnostics } = await compileText(text, { inputs: null, strict: true });
    expect([plan, diagnostics.map(({ severity }) => severity)]).toEqual([null, ['error']]);
  });
});
