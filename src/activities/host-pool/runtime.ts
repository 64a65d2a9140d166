import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import type { RuntimePatch } from '../../contracts/operation.ts';
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
      key: { get_secret: host.keySecret },
    },
    ssh_key_secret: host.keySecret,
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
  ssh_key_secret: null,
};

/** The host that an instance has, as it was when it was taken: the pool may not tell it any more. */
export function hostTaken(runtime: JsonObject): PoolHost | undefined {
  const { host_id: name, os, ssh, ssh_key_secret: keySecret } = runtime;
  if (typeof name !== 'string' || !isJsonObject(ssh)) return undefined;
  const { host: address, port, user, host_key: hostKey } = ssh;
  if (typeof address !== 'string' || typeof user !== 'string') return undefined;
  return {
    name,
    address,
    port: typeof port === 'number' ? port : 22,
    user,
    hostKey: typeof hostKey === 'string' ? hostKey : '',
    keySecret: typeof keySecret === 'string' ? keySecret : '',
    os: typeof os === 'string' ? os : 'linux',
    tags: [],
  };
}
