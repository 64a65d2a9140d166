import { expect, test } from 'vitest';
import type { Json } from '../../src/contracts/json.ts';
import { asWritten } from '../../src/contracts/sealed.ts';
import {
  capabilitiesRead,
  evaluate,
  EvaluationError,
  follow,
  mayHoldFunctions,
  resolveSecrets,
  type RuntimeScope,
  secretNames,
} from '../../src/language/functions/index.ts';

const attributes: Record<string, Json> = {
  SELF: { ip: '10.0.0.1', key: { get_secret: 'k' }, deep: { list: [1, { x: 'y' }] } },
  vm: { ip: '10.0.0.2', own: { get_attribute: ['SELF', 'ip'] }, loop: { get_attribute: ['SELF', 'loop'] } },
  SOURCE: { ip: 's' },
};
const properties: Record<string, Json> = {
  SELF: { port: 80, from: { get_attribute: ['vm', 'ip'] }, nested: { get_attribute: ['SELF', 'deep'] } },
  vm: { address: { concat: [{ get_attribute: ['SELF', 'ip'] }, ':1'] } },
};
const scope: RuntimeScope = {
  attribute: (reference, path) => ({ text: follow(attributes[reference] ?? {}, path) ?? null }),
  property: (reference, path) => follow(properties[reference] ?? {}, path),
  capability: (deployment, path) => ({ value: `${deployment}/${path.join('/')}` }),
  attributes: (_node, path) => ({ vm_1: { value: `a-${path.join('.')}` }, vm_2: { value: null } }),
};
const run = (value: Json) => asWritten(evaluate(value, scope));

test.each<[Json, Json]>([
  ['text', 'text'],
  [{ get_attribute: ['SELF', 'ip'] }, '10.0.0.1'],
  [{ get_attribute: ['SELF', 'deep', 'list', 1, 'x'] }, 'y'],
  [{ get_attribute: ['SELF', 'nothing'] }, null],
  [{ get_attribute: ['SOURCE', 'ip'] }, 's'],
  [{ get_property: ['SELF', 'port'] }, 80],
  [{ get_property: ['SELF', 'from'] }, '10.0.0.2'],
  [{ get_property: ['SELF', 'nested', 'list', 0] }, 1],
  [{ get_capability: ['cluster', 'info', 'url'] }, 'cluster/info/url'],
  [{ get_attributes_list: ['vm', 'ip'] }, ['a-ip', null]],
  [
    { get_attributes_dict: ['vm', 'ip', ['a', 'b']] },
    { vm_1: { ip: 'a-ip', 'a.b': 'a-a.b' }, vm_2: { ip: null, 'a.b': null } },
  ],
  [{ concat: ['http://', { get_attribute: ['vm', 'ip'] }, ':', 80] }, 'http://10.0.0.2:80'],
  [{ a: [{ string_upper: { get_attribute: ['SOURCE', 'ip'] } }] }, { a: ['S'] }],
  [{ get_attribute: [{ concat: ['v', 'm'] }, 'ip'] }, '10.0.0.2'],
])('%j is %j', (expression, value) => {
  expect(run(expression)).toEqual(value);
});

test('what another node says of SELF is about that node', () => {
  expect(run({ get_attribute: ['vm', 'own'] })).toBe('10.0.0.2');
  expect(run({ get_property: ['vm', 'address'] })).toBe('10.0.0.2:1');
});

test('a secret stays unread, and so does what is made of it', () => {
  expect(
    asWritten(evaluate({ get_secret: { concat: ['a', 'b'] } }, { ...scope, computedSecretNames: true })),
  ).toEqual({
    get_secret: 'ab',
  });
  expect(run({ get_attribute: ['SELF', 'key'] })).toEqual({ get_secret: 'k' });
  expect(run({ get_attribute: ['SELF', 'key', 'part'] })).toEqual({ get_secret: ['k', 'part'] });
  expect(run({ concat: [{ get_attribute: ['SELF', 'ip'] }, { get_attribute: ['SELF', 'key'] }] })).toEqual({
    concat: ['10.0.0.1', { get_secret: 'k' }],
  });
});

test.each<[Json, RegExp]>([
  [{ get_property: ['SELF', 'nothing'] }, /no property SELF\.nothing/],
  [{ get_attribute: ['SELF', 'deep', 'list', '0'] }, /a list where 0 is looked for/],
  [{ get_property: ['SELF', 'nested', 'list', 'x'] }, /a list where x is looked for/],
  [{ get_attribute: ['SELF'] }, /list of a name and a path/],
  [{ get_attribute: ['vm', 'loop'] }, /more than 50 times/],
  [{ get_attribute: ['vm', { get_secret: 'k' }] }, /must not be a secret/],
  [{ get_sys: ['tenant', 'name'] }, /cannot be evaluated here/],
  [{ get_attributes_dict: ['vm', 'a', 'a'] }, /twice/],
  [{ merge: ['x'] }, /not a dict/],
  [{ string_split: ['a', ',', 5] }, /no part 5/],
])('%j fails for people', (expression, message) => {
  expect(() => run(expression)).toThrow(EvaluationError);
  expect(() => run(expression)).toThrow(message);
});

test('secrets are put in at the end, each read once', async () => {
  const asked: string[] = [];
  const get = async (name: string) => {
    asked.push(name);
    return name === 'json' ? '{"a": ["b"]}' : `<${name}>`;
  };
  const value: Json = {
    plain: { get_secret: 'k' },
    text: { concat: ['x', { get_secret: 'k' }, { string_upper: { get_secret: 'm' } }] },
    part: [{ get_secret: ['json', 'a', 0] }],
  };
  expect(await resolveSecrets(evaluate(value, scope), get)).toEqual({
    plain: '<k>',
    text: 'x<k><M>',
    part: ['b'],
  });
  expect(asked).toEqual(['k', 'm', 'json']);
  expect(secretNames(value)).toEqual(['k', 'm', 'json']);
  expect(secretNames({ get_secret: [{ concat: [{ get_secret: 'n' }] }, 'part'] })).toEqual(['n']);
});

const secretLikeFunction = async () => '{"concat": ["a", "b"]}';

test('a secret that looks like a function is only text, and no error quotes one', async () => {
  expect(await resolveSecrets(evaluate({ get_secret: ['s', 'concat'] }, scope), secretLikeFunction)).toEqual([
    'a',
    'b',
  ]);
  expect(await resolveSecrets(evaluate({ x: { get_secret: 's' } }, scope), secretLikeFunction)).toEqual({
    x: '{"concat": ["a", "b"]}',
  });
  const asked = resolveSecrets(evaluate({ get_secret: ['s', 'concat', 'a'] }, scope), secretLikeFunction);
  await expect(asked).rejects.toThrow(/a list where a is looked for/);
  const failing = resolveSecrets(evaluate({ get_secret: ['s', 'k'] }, scope), async () => 'hunter2');
  await expect(failing).rejects.toThrow(/not JSON/);
  await expect(failing).rejects.not.toThrow(/hunter2/);
});

test('which deployments an expression reads', () => {
  const value = {
    a: [{ get_capability: ['x', 'info', 'url'] }],
    b: { concat: [{ get_capability: [{ get_capability: ['y', 'name'] }, 'z'] }] },
  };
  expect(capabilitiesRead(value)).toEqual([
    { deployment: 'x', path: ['info', 'url'] },
    { deployment: 'y', path: ['name'] },
    { deployment: { get_capability: ['y', 'name'] }, path: ['z'] },
  ]);
});

test('data is told from functions', () => {
  expect(mayHoldFunctions({ a: [{ get_secret: 'x' }] })).toBe(true);
  expect(mayHoldFunctions({ a: [{ get_secrets: 'x' }, { concat: [], other: 1 }] })).toBe(false);
});

test.each<Json>([
  { string_upper: [{ get_secret: 's' }] },
  { string_split: [{ get_secret: 's' }, ',', 7] },
  { string_find: [{ get_secret: 's' }] },
  { merge: [{ get_secret: 's' }] },
  { merge: { get_secret: 's' } },
  { get_secret: ['s', 'part'] },
])('%j fails without quoting a secret', async (expression) => {
  const failing = resolveSecrets(evaluate(expression, scope), async () => 'hunter2,hunter3');
  await expect(failing).rejects.toThrow(EvaluationError);
  await expect(failing).rejects.not.toThrow(/hunter/);
});
