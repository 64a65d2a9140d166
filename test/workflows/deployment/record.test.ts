import { expect, test } from 'vitest';
import type { SecretPlace } from '../../../src/contracts/sealed.ts';
import { changedInstance } from '../../../src/workflows/deployment/record.ts';
import { instanceRecord } from '../../support/plans.ts';

const place = (...at: readonly string[]): SecretPlace => ({ at, read: { secret: 'own/x', path: [] } });
const instance = instanceRecord('web');

test('secrets, and who keeps a runtime property, go with it', () => {
  const first = changedInstance(instance, {
    id: 'web_1',
    runtimeProperties: { data: { ssh: { key: '' }, ip: 'a' }, secrets: [place('ssh', 'key')] },
    keeps: true,
  });
  expect(first).toMatchObject({ secrets: [place('ssh', 'key')], kept: ['ssh', 'ip'] });

  const second = changedInstance(first, {
    id: 'web_1',
    runtimeProperties: { data: { token: '', ip: 'b' }, secrets: [place('token')] },
  });
  expect(second).toMatchObject({
    runtimeProperties: { ssh: { key: '' }, ip: 'b', token: '' },
    secrets: [place('ssh', 'key'), place('token')],
    kept: ['ssh'],
  });

  const third = changedInstance(second, {
    id: 'web_1',
    runtimeProperties: { data: { ssh: { get_secret: 'own/x' }, token: null }, secrets: [] },
  });
  expect(third).not.toHaveProperty('secrets');
  expect(third).not.toHaveProperty('kept');
  expect(third.runtimeProperties).toEqual({ ssh: { get_secret: 'own/x' }, ip: 'b' });
});

test('an instance that is as if it had never been has none', () => {
  const made = changedInstance(instance, {
    id: 'web_1',
    runtimeProperties: { data: { key: '' }, secrets: [place('key')] },
    keeps: true,
  });
  expect(changedInstance(made, { id: 'web_1', reset: true })).toEqual({
    ...instance,
    state: 'uninitialized',
  });
});
