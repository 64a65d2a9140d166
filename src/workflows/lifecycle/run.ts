import pLimit, { type LimitFunction } from 'p-limit';
import type { OfferedValues } from '../../contracts/offers.ts';
import type { Plan, PlanNode } from '../../contracts/plan.ts';
import type { ExecutionKind, InstanceRecord } from '../../contracts/record.ts';
import { failure } from '../../contracts/failure.ts';
import type { Journal } from './journal.ts';

/** One execution at work: what it knows of its deployment, and where it notes what happens. */
export type Run = {
  readonly deployment: string;
  /** The workflow's id. */
  readonly execution: string;
  readonly kind: ExecutionKind | 'check';
  readonly plan: Plan;
  /** Where the blueprint's files are. */
  readonly blueprint: string;
  readonly adopt: boolean;
  readonly journal: Journal;
  /** Bounds the operations in flight. */
  readonly limit: LimitFunction;
  /** Outputs and capabilities of other deployments, read once an execution. */
  readonly consumed: Map<string, OfferedValues>;
  /** A deployment that can no longer be read, or an attribute that is gone, counts as empty: for uninstall. */
  readonly lenient: boolean;
  /** What runs now, by instance, for the progress query. */
  readonly activity: Map<string, string>;
  readonly errors: Map<string, string>;
  /** Executions of components, by instance. */
  readonly children: Map<string, string>;
  /** Instances whose operations are not tried again when they fail: what they need is known to be ill. */
  readonly once: Set<string>;
  /** How often each step was run in this execution, by its place and name. */
  readonly performed: Map<string, number>;
  /** For heal: whether deployments that this one uses are healed too. */
  readonly recursive: boolean;
};

export type RunOptions = Omit<
  Run,
  'limit' | 'consumed' | 'activity' | 'errors' | 'children' | 'once' | 'performed' | 'recursive'
> & {
  readonly window: number;
  /** Default: false. */
  readonly recursive?: boolean;
};

export function createRun({ window, recursive = false, ...options }: RunOptions): Run {
  return {
    ...options,
    limit: pLimit(window),
    consumed: new Map(),
    activity: new Map(),
    errors: new Map(),
    children: new Map(),
    once: new Set(),
    performed: new Map(),
    recursive,
  };
}

export function instanceOf(run: Run, id: string): InstanceRecord {
  const instance = run.journal.instances.get(id);
  if (instance === undefined)
    throw failure('Internal', `There is no node instance ${id}.`, { retryable: false });
  return instance;
}

export function nodeOf(run: Run, id: string): PlanNode {
  const { node: name } = instanceOf(run, id);
  const node = run.plan.nodes[name];
  if (node === undefined) throw failure('Internal', `The plan has no node ${name}.`, { retryable: false });
  return node;
}
