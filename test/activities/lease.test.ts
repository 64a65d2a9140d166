import { ActivityCancelledError, ActivityCompletionError, ActivityNotFoundError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { createLease, leaseMilliseconds } from '../../src/activities/lease.ts';

const never = new AbortController().signal;
const long = (): number => Date.now() - leaseMilliseconds - 1;

/** Counts how often the server is asked, which answers by these errors in turn, then well. */
function server(...errors: readonly Error[]) {
  const answers = [...errors];
  let asked = 0;
  return {
    asked: () => asked,
    ask: async () => {
      asked += 1;
      const error = answers.shift();
      if (error !== undefined) throw error;
    },
  };
}

const away = () => Promise.reject(new ActivityCompletionError('no connection'));

describe('an attempt of a step', () => {
  it('asks nobody while it is young', async () => {
    const { ask, asked } = server();
    await createLease(ask, Date.now(), never).confirm();
    expect(asked()).toBe(0);
  });

  it('asks once when it was given out long ago, as to a worker that was stopped meanwhile', async () => {
    const { ask, asked } = server();
    const lease = createLease(ask, long(), never);
    await lease.confirm();
    await lease.confirm();
    expect(asked()).toBe(1);
  });

  it('does nothing more when it is over', async () => {
    const { ask } = server(new ActivityNotFoundError('not found'));
    await expect(createLease(ask, long(), never).confirm()).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('may still tidy up when it is only to be cancelled', async () => {
    const { ask, asked } = server(new ActivityCancelledError('cancelled'));
    await createLease(ask, long(), never).confirm();
    expect(asked()).toBe(1);
  });

  it('waits while the server does not answer, and no longer than it is wanted', async () => {
    const { ask, asked } = server(new ActivityCompletionError('no connection'));
    await createLease(ask, long(), never).confirm();
    expect(asked()).toBe(2);
    const waits = createLease(away, long(), AbortSignal.timeout(50)).confirm();
    await expect(waits).rejects.toThrow(/abort/i);
  });
});
