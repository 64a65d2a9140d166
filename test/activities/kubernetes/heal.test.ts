import { expect, it } from 'vitest';
import { isStuck } from '../../../src/activities/kubernetes/heal.ts';
import { object } from '../../support/kubernetes.ts';

const now = Date.parse('2026-01-01T00:00:10Z');

function pod({ ready = 'False', startedAt = '2026-01-01T00:00:00Z', controlled = true, leaving = false }) {
  return {
    ...object('Pod', 'router-x', {
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: ready }],
        containerStatuses: [{ state: { running: { startedAt } } }],
      },
    }),
    metadata: {
      name: 'router-x',
      ...(controlled ? { ownerReferences: [{ controller: true, uid: 'rc' }] } : {}),
      ...(leaving ? { deletionTimestamp: '2026-01-01T00:00:09Z' } : {}),
    },
  };
}

it('replaces a pod that has run for long enough and is not ready', () => {
  expect(isStuck(pod({}), now)).toBe(true);
});

it.each([
  ['is ready', { ready: 'True' }],
  ['has only begun', { startedAt: '2026-01-01T00:00:05Z' }],
  ['nothing would make anew', { controlled: false }],
  ['is going away already', { leaving: true }],
])('leaves a pod that %s', (_, change) => {
  expect(isStuck(pod(change), now)).toBe(false);
});
