import { isJsonObject } from '../../contracts/json.ts';
import type { RuntimePatch } from '../../contracts/operation.ts';
import { secretReference } from '../../contracts/sealed.ts';
import { followValue } from '../../language/functions/index.ts';
import { addressesIn, type HostAddress } from './networks.ts';
import type { PoolHost } from './pool.ts';
import type { Wish } from './subject.ts';

/** Those of a braid.nodes.Machine, and what Cloudify's host pool tells beside them. */
export function hostRuntime(
  host: PoolHost,
  { pool, networks }: Wish,
  present: readonly HostAddress[],
): RuntimePatch {
  const found = addressesIn(networks, present);
  return {
    host_id: host.name,
    provider_id: host.name,
    name: host.name,
    pool: pool.name,
    os: host.os,
    ip: host.address,
    port: host.port,
    user: host.user,
    addresses: Object.fromEntries(Object.entries(found).map(([name, { address }]) => [name, address])),
    interfaces: Object.entries(found).map(([name, { address, mac, device }]) => ({
      network: networks[name] ?? '',
      address,
      mac,
      device,
    })),
    ssh: {
      host: host.address,
      port: host.port,
      user: host.user,
      host_key: host.hostKey,
      key: 'secret' in host.key ? secretReference(host.key.secret) : host.key.reference,
    },
  };
}

/** What removes every runtime property of a host. */
export const noHostRuntime: RuntimePatch = {
  host_id: null,
  provider_id: null,
  name: null,
  pool: null,
  os: null,
  ip: null,
  port: null,
  user: null,
  addresses: null,
  interfaces: null,
  ssh: null,
};

/** The host that an instance has, as it was when it was taken: the pool may not tell it any more. */
export function hostTaken({ self, referenced }: Wish): PoolHost | undefined {
  const { host_id: name, os, ssh } = self.runtimeProperties;
  if (typeof name !== 'string' || !isJsonObject(ssh)) return undefined;
  const { host: address, port, user, host_key: hostKey, key } = ssh;
  if (typeof address !== 'string' || typeof user !== 'string') return undefined;
  return {
    name,
    address,
    port: typeof port === 'number' ? port : 22,
    user,
    hostKey: typeof hostKey === 'string' ? hostKey : '',
    key: {
      privateKey: typeof key === 'string' ? key : '',
      reference: followValue(referenced.runtimeProperties, ['ssh', 'key']) ?? null,
    },
    os: typeof os === 'string' ? os : 'linux',
    tags: [],
  };
}
