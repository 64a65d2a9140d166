import { connect } from 'node:net';
import { ApplicationFailure } from '@temporalio/common';
import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import type { SshConnection } from '../ssh/pool.ts';
import { type MachineAddress, machineAddress } from './machine-runtime.ts';
import { sshKeyName } from './ssh-key.ts';

/** Connects to a machine whose host key is known. Fails as the pool does. */
export async function connectMachine(
  context: OperationContext,
  self: InstanceView,
  address: MachineAddress,
  tools: Tools,
): Promise<SshConnection> {
  const privateKey = await tools.secrets.get(sshKeyName(context.deployment, self.id));
  return await tools.ssh.connect({ ...address, privateKey }, tools.signal);
}

/** Where the machine is; fails when it has not been made. */
export function requireAddress(self: InstanceView): MachineAddress {
  const address = machineAddress(self.runtimeProperties);
  if (address !== undefined) return address;
  throw failure(
    'OperationInputInvalid',
    `machine ${self.id} has no address yet: its create operation must run first`,
    {
      details: { instance: self.id },
    },
  );
}

/** Whether something accepts connections there within that time. */
export function answers(host: string, port: number, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: milliseconds });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** The code of a failure of ours. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof ApplicationFailure ? (error.type ?? undefined) : undefined;
}
