import { ApplicationFailure } from '@temporalio/common';
import { ZodError } from 'zod';
import { failure } from '../../contracts/failure.ts';
import { notUnderstood } from '../bounded-answer.ts';

/** An answer that says «someone else changed it in between»: look again, and try again. */
export function isOutOfSequence(error: unknown): boolean {
  return error instanceof Error && /out of sequence/i.test(error.message);
}

/** An answer that says «a service of that name is there by now». */
export function isNameTaken(error: unknown): boolean {
  return error instanceof Error && /name conflicts with an existing object/i.test(error.message);
}

/** What the engine's API or the way to it threw, as a failure of the table. `what` completes «could not …». */
export function swarmFailure(where: string, what: string, error: unknown): Error {
  // The command that carries the calls has ended: no Docker there, or no right to use it.
  if (error instanceof ApplicationFailure && isWithoutSudo(error.message)) return withoutSudo(where, error);
  if (error instanceof ApplicationFailure && error.type === 'ScriptFailed')
    return unreachable(where, what, error);
  if (error instanceof ApplicationFailure) return error;
  if (!(error instanceof Error)) return failure('Internal', `${where} could not ${what}: ${String(error)}`);
  if (error instanceof ZodError || error instanceof RangeError)
    return notUnderstood(`The Docker engine of ${where}`, what);
  const said = answerOf(error);
  if (said === undefined) return unreachable(where, what, error);
  if (/not a swarm manager|not part of a swarm/i.test(said)) return notAManager(where, error);
  const message = `The Swarm manager ${where} could not ${what}: ${said}`;
  if (isOutOfSequence(error)) return failure('NotReady', message, { cause: error });
  if (/no leader|does not have a leader|raft|deadline exceeded|unavailable/i.test(said))
    return failure('NotReady', `${message}. Its managers have no quorum yet; check \`docker node ls\`.`, {
      cause: error,
    });
  return failure('ResourceRejected', message, {
    cause: error,
    retryable: statusOf(error) >= 500 && !isRefusal(said),
  });
}

function isWithoutSudo(said: string): boolean {
  return /sudo: .*(password is required|not allowed|not in the sudoers)/i.test(said);
}

function withoutSudo(where: string, error: Error): Error {
  const message = `The SSH user of ${where} may not use sudo without a password, by which Docker is commanded there. Let it run \`sudo -n docker\`.`;
  return failure('Unauthorized', message, { cause: error });
}

function unreachable(where: string, what: string, error: Error): Error {
  const message = `The Docker engine of ${where} did not answer when asked to ${what} (${error.message}). Check that Docker runs there and that the SSH user may run \`sudo -n docker\`.`;
  return failure('Unreachable', message, { cause: error });
}

function notAManager(where: string, error: Error): Error {
  const message = `${where} is not a Swarm manager. Run \`docker swarm init\` there, or give the address of a manager.`;
  return failure('ResourceRejected', message, { cause: error });
}

/** Old engines answer 500 where they mean 400 or 409. */
function isRefusal(said: string): boolean {
  return /invalid|already exists|conflicts|already in use|rpc error: code = (InvalidArgument|AlreadyExists|FailedPrecondition)/i.test(
    said,
  );
}

function statusOf(error: Error): number {
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 0;
}

/** Characters of an engine's words that are told. */
const longestSaying = 4_000;

/** The engine's own words; undefined when there was no answer at all. */
function answerOf(error: Error): string | undefined {
  if (statusOf(error) === 0) return undefined;
  return error.message
    .slice(0, longestSaying)
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .trim();
}
