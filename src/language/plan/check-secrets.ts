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
  const read = context.compat ? withoutOwnOfRelationships(plan) : plan;
  for (const name of secretNames([{ ...read, inputs: {} }, ...beside])) {
    if (secrets === 'unsupported') {
      const message = `The secret \`${name}\` cannot be read: there are no secrets here.`;
      context.reporter.report('secrets-unsupported', at, message);
    } else if (!(await secrets(name))) {
      context.reporter.report('unknown-secret', at, `There is no secret \`${name}\`.`);
    }
  }
}

/** The peer does not look at the properties of relationships. */
function withoutOwnOfRelationships(plan: Plan): Plan {
  const nodes = Object.entries(plan.nodes).map(([name, node]) => {
    const relationships = node.relationships.map((one) => ({ ...one, properties: {} }));
    return [name, { ...node, relationships }] as const;
  });
  return { ...plan, nodes: Object.fromEntries(nodes) };
}
