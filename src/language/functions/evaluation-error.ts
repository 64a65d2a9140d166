/** A function that cannot be evaluated; `message` tells which and why, for people. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}
