import { Argument, InvalidArgumentError, Option } from 'commander';
import { deploymentNameSchema } from '../contracts/workflows/common.ts';

/** Checked here, so that a name that cannot be starts no workflow. */
export function deploymentArgument(): Argument {
  return new Argument('<deployment>', 'name of the deployment').argParser((name) => {
    const { error } = deploymentNameSchema.safeParse(name);
    if (error !== undefined) throw new InvalidArgumentError(`${sentence(error.issues[0]?.message ?? '')}.`);
    return name;
  });
}

/** May be given several times. */
export function inputOption(): Option {
  return new Option(
    '-i, --input <input>',
    'an input as key=value, the value in YAML; or a YAML file of inputs; may be repeated, the last wins',
  ).argParser<readonly string[] | undefined>((value, earlier) => [...(earlier ?? []), value]);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
