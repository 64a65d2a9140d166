import { ApplicationFailure } from '@temporalio/common';
import { CommanderError } from 'commander';
import { errorCodes, isErrorCode } from '../contracts/error-codes.ts';
import type { Json } from '../contracts/json.ts';

/** 0 done, 1 the operation failed, 2 wrong usage or blueprint. */
export type ExitStatus = 0 | 1 | 2;

/** What a command says when it failed: for people, or as JSON. */
export type Failed = {
  readonly exit: ExitStatus;
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
  readonly details: Json;
};

export function failed(error: unknown): Failed {
  if (error instanceof CommanderError) {
    const exit = error.exitCode === 0 ? 0 : 2;
    return { exit, code: 'InvalidInput', message: error.message, remedy: null, details: null };
  }
  if (error instanceof ApplicationFailure && isErrorCode(error.type)) {
    const { exit, remedy } = errorCodes[error.type];
    const [details = null] = error.details ?? [];
    return { exit, code: error.type, message: error.message, remedy, details: details as Json };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exit: 1, code: 'Internal', message, remedy: null, details: null };
}
