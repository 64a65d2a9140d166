import { ApplicationFailure } from '@temporalio/common';
import { CommanderError } from 'commander';
import { readProfile } from '../connection/profile.ts';
import { temporalFailure } from '../connection/temporal-errors.ts';
import { errorCodes, isErrorCode } from '../contracts/error-codes.ts';
import type { Json } from '../contracts/json.ts';
import { jsonSchema } from '../contracts/json-schemas.ts';
import { reasonOf } from '../contracts/reason.ts';

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
    const message = error.message.replace(/^error: /, '');
    return { exit, code: 'InvalidInput', message, remedy: null, details: null };
  }
  const known = error instanceof ApplicationFailure ? error : temporalFailure(error, temporalAddress());
  if (known !== undefined && isErrorCode(known.type)) {
    const { exit, remedy } = errorCodes[known.type];
    const details = jsonSchema.safeParse(known.details?.[0]).data ?? null;
    return { exit, code: known.type, message: known.message, remedy, details };
  }
  const message = reasonOf(error);
  const { exit, remedy } = errorCodes.Internal;
  return { exit, code: 'Internal', message, remedy, details: null };
}

function temporalAddress(): string {
  try {
    return readProfile(process.env).address;
  } catch {
    return 'its address';
  }
}
