/** Text to plan. What runs later needs only `functions/`. */
export { compile, type Compiled, type CompileOptions } from './compile.ts';
export { codes as diagnosticCodes, type DiagnosticCode } from './diagnostics/codes.ts';
export type { Model } from './model.ts';
export type { Load, LoadResult } from './load.ts';
export { createMemory, type Memory } from './source/memory.ts';
export * from './functions/index.ts';
