import { describe, expect, test } from 'vitest';
import { asResult, isMeant, meant, meantFor, received, typedPurpose } from '../../src/contracts/meant.ts';
import { isUndecodable, refused } from '../../src/contracts/undecodable.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const take = (given: unknown) => received('workflow check', [given], now);

describe('an argument', () => {
  test('is taken for what it is meant for', () => {
    expect(received('workflow check', meantFor('workflow check', [1, 'two']), now)).toEqual([1, 'two']);
    expect(take(meant('anything', 1))).toEqual([1]);
  });

  test.each([
    ['for another workflow', meant('workflow uninstall', 1), 'it was encrypted for the workflow uninstall'],
    ['a result', { deployment: 'a' }, 'it was encrypted as a result'],
    ['refused already', refused('it was changed'), 'it was changed'],
  ])('is not taken that is %s', (_what, given, reason) => {
    expect(() => take(given)).toThrow(
      expect.objectContaining({
        type: 'PayloadRefused',
        nonRetryable: true,
        message: expect.stringContaining(`as workflow check is not taken: ${reason}`),
      }),
    );
  });

  test('must be there, for it tells where a call comes from', () => {
    expect(() => received('activity swarm.service', [], now)).toThrow('it has no argument');
  });

  test.each(['2026-11-28T11:50:00.000Z', '2026-11-28T12:10:00.000Z'])(
    'that an operator typed at %s is taken',
    (time) => expect(take(meant(typedPurpose(time), 1))).toEqual([1]),
  );

  test.each(['2026-11-28T11:49:59.999Z', '2026-11-28T12:10:00.001Z', 'never'])(
    'that an operator typed at %s is not',
    (time) => expect(() => take(meant(typedPurpose(time), 1))).toThrow('more than ten minutes away'),
  );
});

test('a result is taken unless it is an argument or refused', () => {
  expect(asResult('activity swarm.service', { result: 1 })).toEqual({ result: 1 });
  const given = [meant('activity swarm.service', 1), refused('it was changed')];
  for (const each of given) {
    expect(() => asResult('activity swarm.service', each)).toThrow(
      expect.objectContaining({ type: 'PayloadRefused' }),
    );
  }
});

test('no JSON spells one', () => {
  const spelt: unknown = JSON.parse('{"braid.meant": "anything", "braid.undecodable": true, "value": 1}');
  expect([isMeant(spelt), isUndecodable(spelt)]).toEqual([false, false]);
});
