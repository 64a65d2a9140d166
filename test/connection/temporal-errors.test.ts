import { ServiceError } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { temporalFailure } from '../../src/connection/temporal-errors.ts';

/** As gRPC’s own errors are. */
const grpcError = (code: number, details: string): Error =>
  Object.assign(new Error(details), { code, details, metadata: {} });

describe('an error of the connection to Temporal', () => {
  it.each([
    [14, 'No connection established', 'TemporalUnreachable', /at a:1 does not answer any more/],
    [4, 'Deadline exceeded', 'NoWorker', /got no answer in time/],
    [16, 'invalid key', 'Unauthorized', /refused the credentials: invalid key/],
    [7, 'not yours', 'Unauthorized', /refused the credentials: not yours/],
    [5, 'Namespace x is not found.', 'ConfigurationInvalid', /says: Namespace x is not found/],
  ])('of the status %i is told in Braid’s words', (code, details, type, message) => {
    const wrapped = new ServiceError('wrapped', { cause: grpcError(code, details) });
    for (const error of [grpcError(code, details), wrapped]) {
      expect(temporalFailure(error, 'a:1')).toMatchObject({ type, message: expect.stringMatching(message) });
    }
  });

  it('is nothing else’s error', () => {
    expect(temporalFailure(new Error('other'), 'a:1')).toBeUndefined();
    expect(temporalFailure(grpcError(5, 'workflow not found'), 'a:1')).toBeUndefined();
    expect(temporalFailure('text', 'a:1')).toBeUndefined();
  });
});
