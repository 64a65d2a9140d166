import { expect, test } from 'vitest';
import { deepestJson, isTooDeep, parseJson } from '../../src/contracts/json.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test('JSON is read, but not when it is nested too deep', () => {
  expect(parseJson('{"a": [1]}')).toEqual({ a: [1] });
  expect(parseJson('{"a"')).toBeUndefined();
  expect(parseJson(nested(deepestJson))).toBeDefined();
  for (const depth of [deepestJson + 1, 200_000]) expect(parseJson(nested(depth))).toBeUndefined();
});

test('wide is not deep', () => {
  expect(isTooDeep(Array.from({ length: 100_000 }, () => ({ a: 1 })))).toBe(false);
});
