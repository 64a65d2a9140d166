/**
 * `braid/language`: the blueprint language as a library. Pure: files come from the `load` that `compile` is
 * given.
 */
export { codes as diagnosticCodes, type DiagnosticCode } from '../language/diagnostics/codes.ts';
export { compile, type Compiled, type CompileOptions } from '../language/compile.ts';
export type { Load, LoadResult } from '../language/load.ts';
export { createMemory, type Memory } from '../language/source/memory.ts';
export { evaluate } from '../language/functions/evaluate.ts';
export { EvaluationError } from '../language/functions/evaluation-error.ts';
export type { Reference, RuntimeScope } from '../language/functions/scope.ts';
export { expand } from '../topology/expand.ts';
export { diff, type Difference } from '../topology/diff.ts';
export type { Diagnostic, DiagnosticPlace } from '../contracts/diagnostic.ts';
export type { Plan } from '../contracts/plan.ts';
export type { InstanceRecord } from '../contracts/record.ts';
