import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import type { InstanceView, OperationContext, RuntimePatch } from '../../contracts/operation.ts';
import { isValueMap, secretReference, type ValueMap } from '../../contracts/sealed.ts';
import { portNodes, sshUser } from './machine-request.ts';
import type { MachineDescription } from './provider.ts';
import { sshKeyName } from './ssh-key.ts';

const sshPort = 22;

/** The runtime properties of a machine, as observed. Its host key is empty until the machine has made it. */
export function machineRuntime(
  context: OperationContext,
  self: InstanceView,
  machine: MachineDescription,
): RuntimePatch {
  const ip = machine.interfaces[0]?.address ?? '';
  const ports = portNodes(self);
  const addresses = machine.interfaces.map(
    ({ address }, index) => [ports[index] ?? `${index}`, address] as const,
  );
  return {
    provider_id: machine.id,
    name: machine.name,
    ip,
    addresses: Object.fromEntries(addresses),
    interfaces: machine.interfaces.map(({ network, address, prefix, mac }) => ({
      network,
      address,
      prefix,
      mac,
    })),
    ssh: {
      host: ip,
      port: sshPort,
      user: sshUser(self),
      host_key: machine.hostKey ?? '',
      key: secretReference(sshKeyName(context.deployment, self.id)),
    },
  };
}

/** What removes every runtime property of a machine. */
export const noMachineRuntime: RuntimePatch = {
  provider: null,
  provider_id: null,
  name: null,
  ip: null,
  addresses: null,
  interfaces: null,
  ssh: null,
  adopted: null,
};

/** Where a machine is reached, as its runtime properties tell. */
export type MachineAddress = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey: string;
};

/** Undefined: the machine has not been made. */
export function machineAddress(runtime: ValueMap): MachineAddress | undefined {
  const ssh = runtime['ssh'];
  if (ssh === undefined || !isValueMap(ssh) || typeof ssh['host'] !== 'string' || ssh['host'] === '')
    return undefined;
  return {
    host: ssh['host'],
    port: typeof ssh['port'] === 'number' ? ssh['port'] : sshPort,
    user: typeof ssh['user'] === 'string' ? ssh['user'] : '',
    hostKey: typeof ssh['host_key'] === 'string' ? ssh['host_key'] : '',
  };
}

/** Addresses that the machine should have, with the network of each. */
export function expectedInterfaces(runtime: JsonObject): readonly { network: string; address: string }[] {
  const interfaces = runtime['interfaces'];
  if (!Array.isArray(interfaces)) return [];
  const entries: readonly unknown[] = interfaces;
  return entries.flatMap((entry) =>
    isJsonObject(entry) && typeof entry['network'] === 'string' && typeof entry['address'] === 'string'
      ? [{ network: entry['network'], address: entry['address'] }]
      : [],
  );
}
