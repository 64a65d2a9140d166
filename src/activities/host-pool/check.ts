import { ApplicationFailure } from '@temporalio/common';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import { healthy, unhealthy } from '../health.ts';
import type { Tools } from '../operation.ts';
import { endpointTo, isHeldBy, lookAt, whoHolds, type Look } from './host.ts';
import { addressesIn, lackingNetworks } from './networks.ts';
import type { PoolHost } from './pool.ts';
import { hostTaken } from './runtime.ts';
import { wishOf, type PoolSettings, type Wish } from './subject.ts';

/** Looks whether the host answers, is still this instance's, and has the addresses that it had. */
export async function checkHost(
  context: OperationContext,
  tools: Tools,
  settings: PoolSettings,
): Promise<OperationResult> {
  const wish = await wishOf(context, settings);
  const host = hostTaken(wish);
  if (host === undefined) return unhealthy(`${wish.self.id} has no host`);
  const look = await lookOrReason(host, tools);
  if (typeof look === 'string') return unhealthy(look);
  const reason = unfit(host, look, wish);
  return reason === undefined ? healthy({ host: host.name, ip: host.address }) : unhealthy(reason);
}

async function lookOrReason(host: PoolHost, tools: Tools): Promise<Look | string> {
  try {
    return await lookAt(await endpointTo(host, tools), tools);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (error instanceof ApplicationFailure) return `the host ${host.name} cannot be asked: ${error.message}`;
    throw error;
  }
}

/** What is wrong with a host that answers. */
export function unfit(host: PoolHost, { claim, addresses }: Look, wish: Wish): string | undefined {
  if (claim === null) return `the host ${host.name} does not know that it is taken`;
  if (!isHeldBy(claim, wish.holder)) {
    return `the host ${host.name} is held by ${whoHolds(claim, wish.holder)} since ${claim.since}`;
  }
  const lacking = lackingNetworks(wish.networks, addresses);
  if (lacking.length > 0) return `the host ${host.name} has no address in ${lacking.join(', ')}`;
  const told = wish.self.runtimeProperties['addresses'] ?? {};
  const live = addressesIn(wish.networks, addresses);
  const other = Object.entries(told).find(([name, address]) => live[name]?.address !== address);
  return other === undefined
    ? undefined
    : `the host ${host.name} has another address than ${other[1]} in ${wish.networks[other[0]]}`;
}
