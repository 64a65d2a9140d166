import { expect, test } from 'vitest';
import { compileText, planOf, remarksOn } from './compile-text.ts';

const input = (schema: string) => `inputs: { a: ${schema} }\noutputs: { o: { value: { get_input: a } } }\n`;

test('what is given comes before the default', async () => {
  const text = input('{ type: integer, default: 1 }');
  expect((await planOf(text)).outputs.o?.value).toBe(1);
  expect((await planOf(text, { inputs: { a: 2 } })).outputs.o?.value).toBe(2);
  expect((await planOf(text, { inputs: { a: 2 } })).inputs).toEqual({ a: 2 });
});

test('a required input must be given, but not to validate', async () => {
  expect(await remarksOn(input('{}'))).toEqual(['missing-input 1:11']);
  expect(await remarksOn(input('{}'), { inputs: null })).toEqual([]);
  expect((await planOf(input('{}'), { inputs: null })).outputs.o?.value).toEqual({ get_input: 'a' });
  expect((await planOf(input('{ required: false }'))).outputs.o?.value).toBeNull();
});

test('an input that is not declared is refused', async () => {
  const { diagnostics } = await compileText(input('{ default: 1 }'), { inputs: { aa: 1 } });
  expect(diagnostics).toMatchObject([{ code: 'unknown-input', hint: 'Did you mean `a`?' }]);
  expect(await remarksOn('outputs: { o: { value: { get_input: [b, c] } } }\n')).toEqual([
    'unknown-input 1:38',
  ]);
});

test('a value has the declared type', async () => {
  expect(await remarksOn(input('{ type: integer }'), { inputs: { a: 'x' } })).toEqual(['wrong-input 1:11']);
  expect(await remarksOn(input('{ type: integer, default: x }'))).toEqual(['wrong-type 1:40']);
  expect(await remarksOn(input('{ type: list, item_type: integer, default: [1, x] }'))).toEqual([
    'wrong-type 1:61',
  ]);
});

test.each([
  ['equal: 3', 3, 4],
  ['greater_than: 3', 4, 3],
  ['greater_or_equal: 3', 3, 2],
  ['less_than: 3', 2, 3],
  ['less_or_equal: 3', 3, 4],
  ['in_range: [1, 9]', 9, 0],
  ['in_range: [1, 2]', 2, 3],
  ['valid_values: [1, x]', 'x', 'y'],
  ['length: 2', 'ab', 'abc'],
  ['min_length: 2', [1, 2], [1]],
  ['max_length: 2', 'ab', 'abc'],
  ['pattern: "a+"', 'ab', 'ba'],
])('the constraint %s lets %j pass and not %j', async (constraint, good, bad) => {
  const text = input(`{ constraints: [{ ${constraint} }] }`);
  expect(await remarksOn(text, { inputs: { a: good } })).toEqual([]);
  expect(await remarksOn(text, { inputs: { a: bad } })).toEqual(['constraint-broken 1:11']);
});

test('a constraint is known and has a fitting argument; its own message is told', async () => {
  expect(await remarksOn(input('{ default: 1, constraints: [{ grater_than: 3 }] }'))).toEqual([
    'unknown-constraint 1:44',
  ]);
  expect(await remarksOn(input('{ default: 1, constraints: [{ length: x }] }'))).toEqual([
    'invalid-constraint 1:52',
  ]);
  const { diagnostics } = await compileText(
    input('{ default: 1, constraints: [{ equal: 2, error_message: two! }] }'),
  );
  expect(diagnostics[0]?.message).toBe('two!');
});

test('a part of an input is read by its path', async () => {
  const text =
    'inputs: { a: { default: { b: [x, y] } } }\noutputs: { o: { value: { get_input: [a, b, 1] } } }\n';
  expect((await planOf(text)).outputs.o?.value).toBe('y');
  expect(await remarksOn(text.replace('1]', '7]'))).toEqual(['input-path 2:24']);
});

test('an input that nothing reads is warned of', async () => {
  expect(await remarksOn('inputs: { a: { default: 1 } }\n')).toEqual(['unused-input 1:11']);
});

const constrained = (constraint: string) => input(`{ default: ab, constraints: [{ ${constraint} }] }`);

test('of several constraints in one map the last counts', async () => {
  expect(await remarksOn(constrained('pattern: b, length: 2'))).toEqual([]);
  expect(await remarksOn(constrained('length: 2, error_message: no, pattern: b'))).toEqual([
    'constraint-broken 1:25',
  ]);
});

test('a hidden input has a default, if only null', async () => {
  expect(await remarksOn(input('{ hidden: true }'), { inputs: null })).toEqual([
    'hidden-without-default 1:11',
  ]);
  expect(await remarksOn(input('{ hidden: true, default: null }'), { inputs: null })).toEqual([]);
});
