import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PathPiece } from './critical-path.ts';
import type { OperationName, Side } from './side.ts';

export type ScriptOptions = {
  /** Names what it makes, and the lab that this belongs to. */
  readonly name: string;
  /** First two numbers of its addresses. */
  readonly network: string;
  /** For its keys, notes and output. */
  readonly folder: string;
};

const program = fileURLToPath(new URL('../chain.sh', import.meta.url));
const blueprints = fileURLToPath(new URL('../../blueprints', import.meta.url));

const commands: Readonly<Record<OperationName, string>> = {
  install: 'install',
  again: 'install',
  heal: 'heal',
  uninstall: 'uninstall',
};

/** The chain by `chain.sh`. Fails with the end of what the script printed. */
export function scriptSide({ name, network, folder }: ScriptOptions): Side {
  const state = join(folder, 'script');
  const log = join(folder, 'script.log');
  const steps = join(folder, 'script-steps');
  return { name: 'script', run, entry };

  async function run(operation: OperationName) {
    const began = Date.now();
    const output = await open(log, 'w');
    await (await open(steps, 'w')).close();
    try {
      const child = spawn(program, [commands[operation]], {
        stdio: ['ignore', output.fd, output.fd],
        env: {
          ...process.env,
          NAME: name,
          NETWORK: network,
          STATE: state,
          STEPS: steps,
          BLUEPRINTS: blueprints,
        },
      });
      const [status] = await once(child, 'exit');
      if (status !== 0) {
        const printed = await readFile(log, 'utf8');
        throw new Error(`chain.sh ${operation} ended with ${String(status)}:\n${printed.slice(-3_000)}`);
      }
    } finally {
      await output.close();
    }
    return async () => ({
      path: scriptSteps(await readFile(steps, 'utf8'), began),
      history: { events: 0, bytes: 0 },
    });
  }

  async function entry(): Promise<string> {
    const task = await readFile(join(state, 'task'), 'utf8');
    return `http://${network}.100.${task.includes('manager') ? 11 : 12}:8080/`;
  }
}

/** All steps by their end; they ran side by side, so `waited` is the time until each began. */
function scriptSteps(text: string, began: number): readonly PathPiece[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', from = '0', to = '0'] = line.split(' ');
      return { name, depth: 0, waited: Number(from) * 1000 - began, ran: (Number(to) - Number(from)) * 1000 };
    });
}
