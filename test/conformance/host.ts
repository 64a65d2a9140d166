import type { HostView } from '../../src/contracts/operation.ts';
import type { TestMachine } from '../support/machine.ts';
import { hostView } from '../support/operation.ts';

/** The secret that holds the key of the machine that several kinds share. */
export const machineKey = 'machine/ssh-key';

/** The machine as the instances on it see it, its key a reference. */
export function hostOf({ runtimeProperties: { ip, ssh } }: TestMachine): HostView {
  return hostView({ ip, ssh: { ...ssh, key: { get_secret: machineKey } } });
}
