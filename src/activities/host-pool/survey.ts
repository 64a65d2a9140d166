import pLimit from 'p-limit';
import { ApplicationFailure } from '@temporalio/common';
import { failure } from '../../contracts/failure.ts';
import { reasonOf } from '../../contracts/reason.ts';
import type { Tools } from '../operation.ts';
import { endpointTo, isHeldBy, lookAt, type Claim, type Look } from './host.ts';
import { lackingNetworks } from './networks.ts';
import type { PoolHost } from './pool.ts';
import { candidates, type Wish } from './subject.ts';

/** What a host of the pool is to a node that wants one. */
export type Candidate = { readonly host: PoolHost } & (
  | { readonly state: 'ours' | 'free'; readonly look: Look }
  | { readonly state: 'held'; readonly claim: Claim }
  | { readonly state: 'busy' }
  | { readonly state: 'elsewhere'; readonly lacking: readonly string[] }
  | { readonly state: 'silent'; readonly error: ApplicationFailure }
);

const atOnce = 16;

/** Looks at all that the node may have: one of them may be its own already, from an attempt that broke off. */
export async function survey(wish: Wish, tools: Tools): Promise<readonly Candidate[]> {
  const limit = pLimit(atOnce);
  return Promise.all(candidates(wish).map((host) => limit(() => candidate(host, wish, tools))));
}

async function candidate(host: PoolHost, wish: Wish, tools: Tools): Promise<Candidate> {
  try {
    const look = await lookAt(await endpointTo(host, tools), tools);
    if (isHeldBy(look.claim, wish.holder)) return { host, state: 'ours', look };
    if (look.claim !== null) return { host, state: 'held', claim: look.claim };
    const lacking = lackingNetworks(wish.networks, look.addresses);
    return lacking.length > 0 ? { host, state: 'elsewhere', lacking } : { host, state: 'free', look };
  } catch (error) {
    return silent(host, error, tools);
  }
}

/** Whatever is wrong with a host costs that host, not the pool. */
export function silent(
  host: PoolHost,
  error: unknown,
  tools: Tools,
): Extract<Candidate, { state: 'silent' }> {
  tools.signal.throwIfAborted();
  return { host, state: 'silent', error: asFailure(error) };
}

function asFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  return failure('AnswerUnusable', reasonOf(error), { cause: error });
}
