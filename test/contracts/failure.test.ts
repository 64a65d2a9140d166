import { describe, expect, it } from 'vitest';
import { errorCodes, isErrorCode } from '../../src/contracts/error-codes.ts';
import { failure } from '../../src/contracts/failure.ts';

describe('a failure', () => {
  it('is retried as its code says, unless it is told otherwise', () => {
    expect(failure('NotReady', 'later').nonRetryable).toBe(false);
    expect(failure('Unowned', 'never').nonRetryable).toBe(true);
    expect(failure('ScriptFailed', 'exit 3 is final', { retryable: false }).nonRetryable).toBe(true);
  });

  it('carries its code, details and cause', () => {
    const cause = new Error('inner');
    expect(failure('Unreachable', 'gone', { details: { host: 'a' }, cause })).toMatchObject({
      type: 'Unreachable',
      message: 'gone',
      details: [{ host: 'a' }],
      cause,
    });
    expect(failure('Unreachable', 'gone', { cause: 'text' }).cause).toBeUndefined();
  });
});

describe('the table of errors', () => {
  it.each(Object.entries(errorCodes))('tells of %s what it means and what to do', (code, entry) => {
    expect(isErrorCode(code)).toBe(true);
    expect(entry.meaning).toMatch(/^[A-Z].*\.$/);
    expect(entry.remedy).toMatch(/^[A-Z`].*\.$/);
  });

  it('has no other codes', () => {
    for (const code of ['toString', 'NoSuch', undefined]) expect(isErrorCode(code)).toBe(false);
  });
});
