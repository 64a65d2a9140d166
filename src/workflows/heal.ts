import { healInputSchema, type HealResult } from '../contracts/workflows/heal.ts';
import { execute } from './execution.ts';
import { parseInput } from './input.ts';
import { throwFailures } from './lifecycle/failures.ts';
import { healInstances } from './lifecycle/heal.ts';
import { offersOf } from './lifecycle/offers.ts';

/** Repairs what is not well and touches nothing else; see `healInputSchema`. */
export async function heal(...args: unknown[]): Promise<HealResult> {
  const { deployment, reinstall, recursive, window } = parseInput('heal', healInputSchema, args);
  return execute(
    {
      deployment,
      kind: 'heal',
      install: null,
      uninstall: null,
      plan: null,
      adopt: false,
      window,
      lenient: false,
    },
    async (run) => {
      const { repairs, unwell, traffic, outcomes } = await healInstances(
        { ...run, recursive },
        { reinstall },
      );
      throwFailures(run, outcomes, 'The heal');
      const result = { deployment, repairs, unwell, traffic, checked: run.journal.instances.size };
      return { result, offers: await offersOf(run), gone: false };
    },
  );
}
