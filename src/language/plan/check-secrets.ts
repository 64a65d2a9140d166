import type { Json } from '../../contracts/json.ts';
import type { Plan } from '../../contracts/plan.ts';
import { secretNames } from '../functions/secrets.ts';
import type { Context } from '../sections/context.ts';
import type { Place } from '../source/place.ts';

/** `unsupported`: there are none here, so that reading one is an error. */
export type Secrets = 'unsupported' | ((name: string) => Promise<boolean>);

/** Reports what the plan reads, or what is computed beside it, and is not there. */
export async function checkSecrets(
  plan: Plan,
  beside: readonly Json[],
  secrets: Secrets | undefined,
  at: Place,
  context: Context,
): Promise<void> {
  if (secrets === undefined) return;
  // An input that nothing reads needs none.
  for (const name of secretNames([{ ...plan, inputs: {} }, ...beside])) {
    if (secrets === 'unsupported') {
      const message = `The secret \`${name}\` cannot be read: there are no secrets here.`;
      context.reporter.report('secrets-unsupported', at, message);
    } else if (!(await secrets(name))) {
      context.reporter.report('unknown-secret', at, `There is no secret \`${name}\`.`);
    }
  }
}
