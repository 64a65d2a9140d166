import { isGrpcServiceError } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { failure } from '../contracts/failure.ts';

/** Numbers of gRPC's status codes. */
const status = {
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What an error of the connection to Temporal means, as an error of the table; undefined for any other. */
export function temporalFailure(error: unknown, where: string): ApplicationFailure | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (isGrpcServiceError(at)) return meaning(at.code, at.details, where, error);
  }
  return undefined;
}

function meaning(
  code: number,
  details: string,
  where: string,
  cause: unknown,
): ApplicationFailure | undefined {
  switch (code) {
    case status.unavailable:
      return failure(
        'TemporalUnreachable',
        `The Temporal server at ${where} does not answer any more. What was started goes on there.`,
        { cause },
      );
    case status.deadlineExceeded:
      return failure(
        'NoWorker',
        `The Temporal server at ${where} got no answer in time: its workers are busy or gone.`,
        { cause },
      );
    case status.permissionDenied:
    case status.unauthenticated:
      return failure('Unauthorized', `The Temporal server at ${where} refused the credentials: ${details}`, {
        cause,
      });
    case status.notFound:
      return /namespace/i.test(details)
        ? failure('ConfigurationInvalid', `The Temporal server at ${where} says: ${details}`, { cause })
        : undefined;
    default:
      return undefined;
  }
}
