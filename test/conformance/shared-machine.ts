import type { HostView } from '../../src/contracts/operation.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { hostView } from '../support/operation.ts';
import type { StartedWorker } from './worker.ts';

const keySecret = 'machine/ssh-key';

/** A machine for all kinds of a file, its key in the worker's secret store. */
export async function startSharedMachine(worker: StartedWorker): Promise<TestMachine> {
  const machine = await startMachine();
  await worker.services.secrets.put(keySecret, String(machine.runtimeProperties.ssh['key']));
  return machine;
}

/** The machine as the instances on it see it, its key a reference. */
export function hostOf({ runtimeProperties: { ip, ssh } }: TestMachine): HostView {
  return hostView({ ip, ssh: { ...ssh, key: { get_secret: keySecret } } });
}
