import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  asJson,
  asWritten,
  Deferred,
  holdsSecrets,
  seal,
  secretReference,
  unseal,
  type Value,
} from '../../src/contracts/sealed.ts';

const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value; deferred: Value }>((tie) => ({
  deferred: fc.oneof(
    fc
      .tuple(fc.string(), fc.array(fc.oneof(fc.string(), fc.nat(3)), { maxLength: 2 }))
      .map(([secret, path]) => new Deferred({ secret, path })),
    tie('value').map((argument) => new Deferred({ call: 'concat', argument })),
  ),
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'value' },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.string().map((name) => ({ get_secret: name })),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constant('__proto__'), fc.string()), tie('value'), { maxKeys: 3 }),
    tie('deferred'),
  ),
})).value;

test('a value is the same after it travelled as JSON', () => {
  fc.assert(
    fc.property(values, (value) => {
      const travelled = unseal(JSON.parse(JSON.stringify(seal(value))));
      expect(travelled).toEqual(value);
      expect(holdsSecrets(travelled)).toBe(holdsSecrets(value));
    }),
  );
});

test('what is spelt like a reference is none, wherever it comes from', () => {
  const spelt = { get_secret: 'own/x', $secret: 'own/x', read: { secret: 'own/x', path: [] }, at: [] };
  const { data, secrets } = seal({ spelt, real: secretReference('own/x') });
  expect(secrets).toEqual([{ at: ['real'], read: { secret: 'own/x', path: [] } }]);
  expect(data).toEqual({ spelt, real: { get_secret: 'own/x' } });
  expect(asJson(unseal({ data, secrets: [] }))).toEqual(data);
});

test('a place that leads nowhere is none', () => {
  const read = { secret: 'own/x', path: [] };
  const sealed = {
    data: { a: [1] },
    secrets: [['b'], ['a', 7], ['a', 0, 'c'], ['a', '0']].map((at) => ({ at, read })),
  };
  expect(unseal(sealed)).toEqual({ a: [1] });
});

test('for people a secret is written as in a blueprint', () => {
  const part = new Deferred({ secret: 'own/x', path: ['a', 0] });
  expect(asWritten({ a: part, b: new Deferred({ call: 'concat', argument: ['x', part] }) })).toEqual({
    a: { get_secret: ['own/x', 'a', 0] },
    b: { concat: ['x', { get_secret: ['own/x', 'a', 0] }] },
  });
});
