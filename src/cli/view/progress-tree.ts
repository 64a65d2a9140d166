import type { Braid } from '../../client/braid.ts';
import type { Retry } from '../../client/retries.ts';
import type { ExecutionProgress, InstanceProgress } from '../../contracts/progress.ts';

/** Progress of an execution with that of its components' executions inside. */
export type ProgressTree = {
  readonly progress: ExecutionProgress;
  readonly retries: readonly Retry[];
  readonly parts: ReadonlyMap<string, ProgressTree>;
};

/** Remembers what a component's execution told last: when it has ended, it can no longer be found by its parent. */
export function createTreeReader(
  braid: Pick<Braid, 'progress' | 'retries'>,
): (execution: string) => Promise<ProgressTree | undefined> {
  const executions = new Map<string, string>();
  return read;

  async function read(execution: string): Promise<ProgressTree | undefined> {
    const [progress, retries] = await Promise.all([braid.progress(execution), braid.retries(execution)]);
    if (progress === undefined) return undefined;
    const parts = new Map<string, ProgressTree>();
    for (const instance of progress.instances) {
      const part = await readPart(instance);
      if (part !== undefined) parts.set(instance.id, part);
    }
    return { progress, retries, parts };
  }

  async function readPart({ id, execution }: InstanceProgress): Promise<ProgressTree | undefined> {
    if (execution !== null) executions.set(id, execution);
    const known = executions.get(id);
    return known === undefined ? undefined : read(known);
  }
}

/** Of the execution and of its components’. */
export function retriesIn({ retries, parts }: ProgressTree): readonly Retry[] {
  return [...retries, ...[...parts.values()].flatMap(retriesIn)];
}

export type Counts = { readonly done: number; readonly total: number };

export function countsOf({ progress, parts }: ProgressTree): Counts {
  return [...parts.values()]
    .map(countsOf)
    .reduce((sum, part) => ({ done: sum.done + part.done, total: sum.total + part.total }), {
      done: progress.done,
      total: progress.total,
    });
}
