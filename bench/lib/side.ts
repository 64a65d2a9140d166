import type { PathPiece } from './critical-path.ts';
import type { HistorySize } from './history.ts';

/** What is measured, in this order; `again` is a second install with nothing to do. */
export const operations = ['install', 'again', 'heal', 'uninstall'] as const;
export type OperationName = (typeof operations)[number];

/** One of the two that make the same chain. */
export type Side = {
  readonly name: 'script' | 'braid';
  /** Ends when the operation has; what it gives reads afterwards what was done. */
  run(operation: OperationName): Promise<() => Promise<Run>>;
  /** Where the chain is entered. */
  entry(): Promise<string>;
};

/**
 * What a side did. Braid: its critical path, and the histories of its executions and of the deployments' records.
 * The script: all its steps, and no history.
 */
export type Run = { readonly path: readonly PathPiece[]; readonly history: HistorySize };
