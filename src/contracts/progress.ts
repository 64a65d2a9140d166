import type { InstanceState } from './record.ts';

/** What an execution answers to the query `progress`. */
export const progressQuery = 'progress';

export type ExecutionProgress = {
  readonly deployment: string;
  readonly step: string;
  readonly instances: readonly InstanceProgress[];
  /** Instances that are done, of all. */
  readonly done: number;
  readonly total: number;
};
export type InstanceProgress = {
  readonly id: string;
  readonly node: string;
  readonly state: InstanceState;
  /** What runs on it now. */
  readonly operation: string | null;
  readonly error: string | null;
  /** For a component: the execution that works on it. */
  readonly execution: string | null;
};
