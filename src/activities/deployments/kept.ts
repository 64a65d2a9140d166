import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { BeginRequest } from '../../contracts/entity.ts';
import type { Usage, UsageStore } from '../../store/usage.ts';
import type { Deployments } from './deployments.ts';
import { lookAt } from './holder.ts';

/** An execution, as the server knows it. */
export type RunOf = { readonly execution: string; readonly runId: string };

/**
 * For whom plans and copies of blueprints are kept: for deployments whose records name them, and for executions that run
 * and may yet begin with them. All else is removed.
 */
export type Kept = {
  /** To be told what an execution is about to keep, before it is kept. */
  preparing(run: RunOf): Announcements;
  /** Before the execution takes hold of the deployment that it installs. */
  begins(run: RunOf, deployment: string, install: NonNullable<BeginRequest['install']>): Promise<void>;
  /** The execution did not begin, and will not. Never fails: what stays is swept later. */
  forget(run: RunOf): Promise<void>;
  /** Before the deployment’s record is gone: what it uses is known afterwards. */
  leaves(deployment: string): Promise<void>;
  /** Removes what nobody needs: of one deployment, or of all that are or were. Tells how many did not need it any more. */
  sweep(deployment?: string): Promise<number>;
};

export type Announcements = {
  readonly plan: (reference: string) => Promise<void>;
  readonly blueprint: (reference: string) => Promise<void>;
};

type KeptOptions = {
  readonly client: Client;
  readonly deployments: Deployments;
  readonly usage: UsageStore;
  /** By which this server and namespace are told from others. */
  readonly home: string;
};

export function createKept({ client, deployments, usage, home }: KeptOptions): Kept {
  return {
    preparing(run) {
      let said: Usage = { home, run, deployment: null, plans: [], blueprints: [] };
      const say = (more: Partial<Usage>): Promise<void> => {
        said = { ...said, ...more };
        return usage.say(said);
      };
      return {
        plan: (reference) => say({ plans: [reference] }),
        blueprint: (reference) => say({ blueprints: [reference] }),
      };
    },
    begins: (run, deployment, { plan, blueprint }) =>
      usage.say({ home, run, deployment, plans: [plan], blueprints: [blueprint.reference] }),
    async forget(run) {
      try {
        const mine = (await usage.list()).filter((each) => each.home === home && isOf(each, run));
        for (const each of mine) await narrow(each, new Set());
      } catch {
        // Why the execution could not begin is what is told.
      }
    },
    async leaves(deployment) {
      const [plan, blueprint] = await usedBy(deployment);
      if (plan === undefined || blueprint === undefined) return;
      await usage.say({ home, run: null, deployment, plans: [plan], blueprints: [blueprint] });
    },
    async sweep(deployment) {
      const all = (await usage.list()).filter((each) => each.home === home);
      const asked = all.filter(
        (each) => deployment === undefined || each.deployment === null || each.deployment === deployment,
      );
      let ended = 0;
      for (const each of asked) {
        const needed = await stillNeeded(each);
        if (needed === 'all') continue;
        await narrow(each, needed);
        if (needed.size === 0) ended += 1;
      }
      return ended;
    },
  };

  /** The execution is asked before the record: what it made of the deployment is in that once it is over. */
  async function stillNeeded({ run, deployment }: Usage): Promise<ReadonlySet<string> | 'all'> {
    try {
      if (run !== null && !(await lookAt(client, run)).isClosed) return 'all';
      return new Set(deployment === null ? [] : await usedBy(deployment));
    } catch {
      // Who cannot be asked needs it.
      return 'all';
    }
  }

  /** Plan and blueprint of the deployment; nothing when there is none. */
  async function usedBy(deployment: string): Promise<readonly string[]> {
    try {
      const { plan, blueprint } = await deployments.read(deployment);
      return [plan, blueprint.reference];
    } catch (error) {
      if (error instanceof ApplicationFailure && error.type === 'DeploymentNotFound') return [];
      throw error;
    }
  }

  async function narrow(each: Usage, needed: ReadonlySet<string>): Promise<void> {
    const unneeded = [...each.plans, ...each.blueprints].filter((reference) => !needed.has(reference));
    await usage.narrow(each, needed, await usedUnsaid(unneeded));
  }

  /** Deployments of the time before say nothing of what they use; it has references of another kind. */
  async function usedUnsaid(references: readonly string[]): Promise<ReadonlySet<string>> {
    const old = references.filter((reference) => reference.startsWith('sha256:'));
    if (old.length === 0) return new Set();
    try {
      const used: string[] = [];
      const query = 'WorkflowType = "deployment" AND ExecutionStatus = "Running"';
      for await (const { workflowId } of client.workflow.list({ query })) {
        used.push(...(await usedBy(workflowId.slice(workflowId.indexOf(':') + 1))));
      }
      return new Set(used);
    } catch {
      return new Set(old);
    }
  }
}

function isOf({ run }: Usage, { runId }: RunOf): boolean {
  return run?.runId === runId;
}
