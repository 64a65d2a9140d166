import type { Command } from 'commander';

type Add = (program: Command) => void;
type Group = readonly [title: string, Readonly<Record<string, () => Promise<Add>>>];

const looks = async () => (await import('./commands/look.ts')).addLooks;
const groups: readonly Group[] = [
  [
    'Work on a deployment',
    {
      install: async () => (await import('./commands/install.ts')).addInstall,
      check: async () => (await import('./commands/check.ts')).addCheck,
      prove: async () => (await import('./commands/prove.ts')).addProve,
      heal: async () => (await import('./commands/heal.ts')).addHeal,
      uninstall: async () => (await import('./commands/uninstall.ts')).addUninstall,
    },
  ],
  ['Look at deployments', { status: looks, outputs: looks, list: looks }],
  [
    'Executions',
    {
      follow: async () => (await import('./commands/follow.ts')).addFollow,
      cancel: async () => (await import('./commands/cancel.ts')).addCancel,
    },
  ],
  [
    'Blueprints, without a server',
    {
      init: async () => (await import('./commands/init.ts')).addInit,
      validate: async () => (await import('./commands/validate.ts')).addValidate,
      plan: async () => (await import('./commands/plan.ts')).addPlan,
      graph: async () => (await import('./commands/graph.ts')).addGraph,
      schema: async () => (await import('./commands/schema.ts')).addSchema,
      lsp: async () => (await import('./commands/lsp.ts')).addLsp,
    },
  ],
  [
    'Run Braid',
    {
      worker: async () => (await import('./commands/worker.ts')).addWorker,
      codec: async () => (await import('./commands/codec.ts')).addCodec,
      secret: async () => (await import('./commands/secret.ts')).addSecret,
      lab: async () => (await import('./commands/lab.ts')).addLab,
    },
  ],
];

/**
 * What adds the commands to a program, by the titles of their groups. Only the one that is asked for is loaded,
 * since the others take longer to load than most take to run; all of them when there is no such one.
 */
export async function loadCommands(
  asked: string | null,
): Promise<readonly (readonly [title: string, readonly Add[]])[]> {
  const isKnown = groups.some(([, commands]) => asked !== null && Object.hasOwn(commands, asked));
  return Promise.all(
    groups.map(async ([title, commands]) => {
      const loaders = Object.entries(commands).filter(([name]) => !isKnown || name === asked);
      return [title, await Promise.all([...new Set(loaders.map(([, load]) => load))].map((load) => load()))];
    }),
  );
}
