import { expect, test } from 'vitest';
import { swarmFailure } from '../../../src/activities/swarm/errors.ts';
import { failure } from '../../../src/contracts/failure.ts';

function answer(statusCode: number, said: string): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${said} `), { statusCode });
}

test.each<[Error, string, boolean, RegExp]>([
  [new Error('socket hang up'), 'Unreachable', true, /did not answer/],
  [
    failure('ScriptFailed', 'ended: status 1. Cannot connect to the Docker daemon'),
    'Unreachable',
    true,
    /Cannot connect/,
  ],
  [
    failure('ScriptFailed', 'ended: status 1. sudo: a password is required'),
    'Unauthorized',
    false,
    /may not use sudo/,
  ],
  [failure('HostKeyMismatch', 'another key'), 'HostKeyMismatch', false, /another key/],
  [answer(503, 'This node is not a swarm manager. Use …'), 'ResourceRejected', false, /docker swarm init/],
  [answer(400, 'invalid port'), 'ResourceRejected', false, /could not create it: invalid port/],
  [
    answer(500, 'rpc error: code = InvalidArgument desc = name must be valid'),
    'ResourceRejected',
    false,
    /name must/,
  ],
  [
    answer(500, 'rpc error: code = Unknown desc = update out of sequence'),
    'NotReady',
    true,
    /out of sequence/,
  ],
  [
    answer(503, 'rpc error: code = Unknown desc = The swarm does not have a leader'),
    'NotReady',
    true,
    /quorum/,
  ],
])('%s becomes %s', (error, type, retryable, message) => {
  const mapped = swarmFailure('10.0.0.5', 'create it', error);
  expect(mapped).toMatchObject({ type, nonRetryable: !retryable });
  expect(mapped.message).toMatch(message);
});
