import { ApplicationFailure } from '@temporalio/common';
import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import type { AnswerTooLong } from './cluster/answer.ts';
import { count, shortened } from './objects.ts';

/** An answer of the API server that is no success. Mapped to a failure before it leaves this folder. */
export type ApiRefusal = {
  readonly status: number;
  /** `AlreadyExists`, `Conflict`, `Invalid`; empty when the answer was not of the API server. */
  readonly reason: string;
  readonly message: string;
};

/** Reads the Status object that the API server answers with; a proxy's page is told by its first words. */
export function readRefusal(status: number, body: string): ApiRefusal {
  const parsed = parse(body);
  return {
    status,
    reason: typeof parsed?.reason === 'string' ? parsed.reason : '',
    message: shortened(
      typeof parsed?.message === 'string' ? parsed.message : body.trim().slice(0, 300),
      2000,
    ),
  };
}

/** One error of the closed set for each answer. `what` names the request: «apply Service:default/router». */
export function refusalFailure(what: string, server: string, refusal: ApiRefusal): ApplicationFailure {
  const told = `The cluster at ${server} refused to ${what} (${refusal.status}): ${refusal.message}`;
  const details = { status: refusal.status, reason: refusal.reason };
  if (refusal.status === 401 || (refusal.status === 403 && !isForbiddenByRule(refusal)))
    return failure('Unauthorized', `${told}. Check the credentials of the kubeconfig.`, { details });
  // What server-side apply says of a field that the kind does not have.
  if (refusal.message.startsWith('failed to create typed patch object'))
    return failure('ResourceRejected', told, { details });
  // The server answers well, but keeps nothing more until somebody makes room.
  if (refusal.status >= 500 && /space exceeded|no space left|disk quota exceeded/iu.test(refusal.message))
    return failure('ResourceRejected', `${told}. Make room in its etcd. It is tried again.`, {
      details,
      retryable: true,
    });
  if (refusal.status === 429 || refusal.status === 408 || refusal.status >= 500)
    return failure('Unreachable', `${told}. It is tried again.`, { details });
  // Somebody else wrote at the same time, or the namespace is still going away: the next try observes anew.
  if (refusal.status === 409 || refusal.status === 410)
    return failure('ResourceRejected', `${told}. It is tried again.`, { details, retryable: true });
  if (refusal.status === 403 && refusal.message.includes('being terminated'))
    return failure('ResourceRejected', `${told}. It is tried again.`, { details, retryable: true });
  return failure('ResourceRejected', told, { details });
}

/** No answer at all: a socket that failed, a name that does not resolve, a certificate that does not fit. */
export function connectionFailure(what: string, server: string, cause: unknown): ApplicationFailure {
  const reason = cause instanceof Error ? describeError(cause) : 'unknown cause';
  if (isCertificateError(cause))
    return failure(
      'Unauthorized',
      `The certificate of the cluster at ${server} was not accepted: ${reason}.`,
      {
        cause,
      },
    );
  return failure('Unreachable', `The cluster at ${server} does not answer (to ${what}): ${reason}.`, {
    cause,
  });
}

/** Of what it says no more is read; neither would be the next time. */
export function tooLongFailure(what: string, server: string, cause: AnswerTooLong): ApplicationFailure {
  return failure(
    'ResourceRejected',
    `The cluster at ${server} cannot be asked to ${what}: ${cause.message}.`,
    {
      cause,
    },
  );
}

/** Somebody else changed, removed or made the object in the meantime: observe and try again. */
export function isConflict(error: unknown): boolean {
  return statusOf(error) === 409;
}

/** The content was refused, as is a change of a field that cannot change. */
export function isInvalid(error: unknown): error is ApplicationFailure {
  return statusOf(error) === 422;
}

/** Admission and quota also answer 403, but other credentials would not help. */
function isForbiddenByRule(refusal: ApiRefusal): boolean {
  return refusal.reason === 'Forbidden' && !/\bcannot \S+ (?:resource|path)\b/u.test(refusal.message);
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof ApplicationFailure)) return undefined;
  const details: unknown = error.details?.[0];
  return isJsonObject(details) ? count(details, 'status') : undefined;
}

function isCertificateError(cause: unknown): boolean {
  const code = errorCode(cause);
  return (
    code.startsWith('ERR_TLS_') ||
    code.startsWith('ERR_SSL_') ||
    code.startsWith('CERT_') ||
    /^(?:SELF_SIGNED_CERT|DEPTH_ZERO|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME_MISMATCH)/u.test(code)
  );
}

function describeError(error: Error): string {
  const nested = error instanceof AggregateError ? (error.errors as readonly unknown[])[0] : undefined;
  if (error.message === '' && nested instanceof Error) return nested.message;
  return error.message === '' ? errorCode(error) : error.message;
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

function parse(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
