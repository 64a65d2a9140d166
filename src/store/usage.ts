import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StoreKeys } from './keys.ts';
import { privateFolder } from './private-folder.ts';
import type { Removable } from './values.ts';
import { hasCode, writeWhole } from './whole-file.ts';

/** Says that a deployment, or an execution that is about to make one, uses a plan and a copy of a blueprint. */
export type Usage = {
  /** Tells apart the servers and namespaces that executions and deployments are of. */
  readonly home: string;
  /** The execution that said so; null: it was found in the deployment’s record. */
  readonly run: { readonly execution: string; readonly runId: string } | null;
  /** Null: nothing has begun yet. */
  readonly deployment: string | null;
  readonly plans: readonly string[];
  readonly blueprints: readonly string[];
};

/** What is used of the store’s plans and blueprints, and by whom: nothing of it holds a value. */
export type UsageStore = {
  /** Replaces what the same execution, or deployment, said before. */
  say(usage: Usage): Promise<void>;
  list(): Promise<readonly Usage[]>;
  /**
   * Of what it said, only these plans and blueprints are used still. What nobody else says to use is removed, unless it is
   * among `others`.
   */
  narrow(usage: Usage, still: ReadonlySet<string>, others: ReadonlySet<string>): Promise<void>;
};

type UsageFilesOptions = {
  readonly folder: string;
  readonly keys: StoreKeys;
  readonly values: Removable;
  readonly blueprints: Removable;
};

const usageSchema = z.object({
  home: z.string(),
  run: z.object({ execution: z.string(), runId: z.string() }).nullable(),
  deployment: z.string().nullable(),
  plans: z.array(z.string()),
  blueprints: z.array(z.string()),
});

export function usageFiles({ folder, keys, values, blueprints }: UsageFilesOptions): UsageStore {
  return {
    say: (usage) => keys.writing(() => write(usage)),
    list,
    narrow: (usage, still, others) =>
      keys.writing(async () => {
        const left = {
          ...usage,
          plans: usage.plans.filter((each) => still.has(each)),
          blueprints: usage.blueprints.filter((each) => still.has(each)),
        };
        const said = (await list()).filter((each) => fileOf(folder, each) !== fileOf(folder, usage));
        const used = new Set([left, ...said].flatMap((each) => [...each.plans, ...each.blueprints]));
        const isUnused = (reference: string): boolean => !used.has(reference) && !others.has(reference);
        // Before it is forgotten who used it: whoever is stopped in between does the same again.
        for (const plan of usage.plans.filter(isUnused)) await values.remove(plan);
        for (const copy of usage.blueprints.filter(isUnused)) await blueprints.remove(copy);
        if (left.plans.length + left.blueprints.length > 0) await write(left);
        else await rm(fileOf(folder, usage), { force: true });
      }),
  };

  async function write(usage: Usage): Promise<void> {
    await privateFolder(folder);
    await writeWhole(fileOf(folder, usage), JSON.stringify(usage));
  }

  async function list(): Promise<readonly Usage[]> {
    const names = await readdir(folder).catch((error: unknown) => absent<string[]>(error, []));
    const texts = await Promise.all(
      names
        .filter((name) => name.endsWith('.json'))
        .map((name) =>
          readFile(join(folder, name), 'utf8').catch((error: unknown) => absent(error, undefined)),
        ),
    );
    return texts.flatMap((text) => (text === undefined ? [] : [usageSchema.parse(JSON.parse(text))]));
  }
}

function absent<T>(error: unknown, value: T): T {
  if (hasCode(error, 'ENOENT')) return value;
  throw error;
}

/** One for an execution; one for a deployment that none of these tells of. */
function fileOf(folder: string, { home, run, deployment }: Usage): string {
  const whose = JSON.stringify([home, run?.runId ?? null, run === null ? deployment : null]);
  return join(folder, `${createHash('sha256').update(whose).digest('hex')}.json`);
}
