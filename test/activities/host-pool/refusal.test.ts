import { expect, it } from 'vitest';
import { noHostFree } from '../../../src/activities/host-pool/refusal.ts';
import type { Wish } from '../../../src/activities/host-pool/subject.ts';
import type { Candidate } from '../../../src/activities/host-pool/survey.ts';
import { failure } from '../../../src/contracts/failure.ts';
import { instanceView } from '../../support/operation.ts';

const holder = { installation: 'here', formerly: 'lab', deployment: 'mine', instance: 'web_1' };
const host = (name: string) => ({
  name,
  address: name,
  port: 22,
  user: 'ops',
  hostKey: '',
  key: { secret: 'own/pool' },
  os: 'linux',
  tags: [],
});
const wish: Wish = {
  self: instanceView({ id: 'web_1' }),
  referenced: instanceView({ id: 'web_1' }),
  holder,
  pool: { name: 'rack', hosts: ['a', 'b', 'c', 'd', 'e'].map(host) },
  tags: ['web', 'big'],
  os: 'linux',
  networks: { near: '10.1.1.0/24' },
  cleanup: '',
  preserve: { files: [], services: [] },
};
const held = (name: string, installation: string): Candidate => ({
  host: host(name),
  state: 'held',
  claim: { installation, deployment: 'theirs', instance: 'db_2', since: '2026-01-02T03:04:05Z' },
});
const silent = (name: string, code: 'Unreachable' | 'Unauthorized'): Candidate => ({
  host: host(name),
  state: 'silent',
  error: failure(code, `ops@${name}:22 says no.`),
});

it('tells the pool, what was asked for, and who holds which host', () => {
  const refusal = noHostFree(wish, [
    held('a', 'here'),
    held('b', 'there'),
    { host: host('c'), state: 'elsewhere', lacking: ['10.1.1.0/24'] },
  ]);
  expect(refusal).toMatchObject({
    type: 'NoHostFree',
    nonRetryable: true,
    message:
      'The host pool rack has no free host with the tags web, big and an address in each of 10.1.1.0/24 for web_1. ' +
      '3 of its 5 hosts come into question. ' +
      'a is held by db_2 of the deployment theirs since 2026-01-02T03:04:05Z. ' +
      'b is held by db_2 of the deployment theirs of the installation there since 2026-01-02T03:04:05Z. ' +
      'c has no address in 10.1.1.0/24.',
  });
});

it('is tried again while a host may yet answer', () => {
  const refusal = noHostFree(wish, [held('a', 'here'), silent('b', 'Unreachable')]);
  expect(refusal).toMatchObject({ type: 'NoHostFree', nonRetryable: false });
  expect(refusal.message).toContain('b cannot be asked (Unreachable: ops@b:22 says no).');
});

it('is what the hosts say when none can be asked', () => {
  const refusal = noHostFree(wish, [silent('a', 'Unauthorized'), silent('b', 'Unreachable')]);
  expect(refusal).toMatchObject({ type: 'Unauthorized', message: 'ops@a:22 says no.' });
});

it('says when no host has the tags', () => {
  const { message } = noHostFree(wish, []);
  expect(message).toContain('None of its 5 hosts come into question.');
});
