import { Argument, InvalidArgumentError } from 'commander';
import { deploymentNameSchema } from '../contracts/workflows/common.ts';

/** Checked here, so that a name that cannot be starts no workflow. */
export function deploymentArgument(): Argument {
  return new Argument('<deployment>', 'name of the deployment').argParser((name) => {
    const { error } = deploymentNameSchema.safeParse(name);
    if (error !== undefined) throw new InvalidArgumentError(`${sentence(error.issues[0]?.message ?? '')}.`);
    return name;
  });
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
