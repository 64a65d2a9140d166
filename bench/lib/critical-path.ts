/** Something that an execution waited for: an activity, a child workflow or a timer. Times in ms since the epoch. */
export type Step = {
  readonly name: string;
  readonly scheduled: number;
  readonly began: number;
  readonly ended: number;
  /** The step whose end made the workflow schedule this one; null: the workflow's own start. */
  readonly after: number | null;
  /** A child workflow's own steps. */
  readonly inner: Execution | null;
};

/** One workflow execution, as its history tells it. */
export type Execution = {
  readonly began: number;
  readonly ended: number;
  readonly steps: readonly Step[];
  /** The step whose end made the workflow end; null: none. */
  readonly last: number | null;
};

/** A piece of the path; `waited` is the time before it in the server, the workflow and the queue. In ms. */
export type PathPiece = {
  readonly name: string;
  readonly depth: number;
  readonly waited: number;
  readonly ran: number;
};

/**
 * The steps that decided how long an execution took, in their order: from its end back to whatever made each step be
 * scheduled. All pieces together are the whole time.
 */
export function criticalPath(execution: Execution, depth = 0): readonly PathPiece[] {
  const steps = stepsToEnd(execution);
  const pieces = steps.flatMap((step, index): readonly PathPiece[] => {
    const before = steps[index - 1]?.ended ?? execution.began;
    if (step.inner === null) {
      return [{ name: step.name, depth, waited: step.began - before, ran: step.ended - step.began }];
    }
    return [
      { name: step.name, depth, waited: step.inner.began - before, ran: 0 },
      ...criticalPath(step.inner, depth + 1),
      { name: `end of ${step.name}`, depth, waited: step.ended - step.inner.ended, ran: 0 },
    ];
  });
  const rest = execution.ended - (steps.at(-1)?.ended ?? execution.began);
  return [...pieces, { name: 'end', depth, waited: rest, ran: 0 }];
}

function stepsToEnd({ steps, last }: Execution): readonly Step[] {
  const path: Step[] = [];
  let at = last === null ? undefined : steps[last];
  while (at !== undefined) {
    path.unshift(at);
    at = at.after === null ? undefined : steps[at.after];
  }
  return path;
}
