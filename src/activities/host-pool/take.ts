import { failure } from '../../contracts/failure.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { endpointTo, take } from './host.ts';
import { lackingNetworks } from './networks.ts';
import { noHostFree } from './refusal.ts';
import { hostRuntime } from './runtime.ts';
import { wishOf, type PoolSettings, type Wish } from './subject.ts';
import { silent, survey, type Candidate } from './survey.ts';

/**
 * Takes a host of the pool, or the one that the instance has already. Fails as NoHostFree, or as the hosts do
 * when none could be asked.
 */
export async function takeHost(
  context: OperationContext,
  tools: Tools,
  settings: PoolSettings,
): Promise<OperationResult> {
  const wish = await wishOf(context, settings);
  await requireCleanup(wish, context, tools);
  tools.heartbeat(`looking for a host in the pool ${wish.pool.name}`);
  const seen = await survey(wish, tools);
  for (const candidate of seen) {
    if (candidate.state === 'silent')
      tools.log(`passed over ${candidate.host.name}: ${candidate.error.message}`);
  }
  const missed = new Map<Candidate, Candidate>();
  for (const candidate of [...inState(seen, 'ours'), ...inState(seen, 'free')]) {
    const { host } = candidate;
    const answer = await takeIfItAnswers(candidate, wish, tools);
    if (answer.state === 'taken') {
      const lacking = lackingNetworks(wish.networks, answer.addresses);
      if (lacking.length === 0) return { runtimeProperties: hostRuntime(host, wish, answer.addresses) };
      missed.set(candidate, { host, state: 'silent', error: lacksAddresses(host.name, lacking) });
      continue;
    }
    if (answer.state === 'silent') tools.log(`passed over ${host.name}: ${answer.error.message}`);
    missed.set(candidate, { host, ...answer });
  }
  throw noHostFree(
    wish,
    seen.map((candidate) => missed.get(candidate) ?? candidate),
  );
}

/** One that is the instance's own already is waited for while it cannot be reached, for it will be again. */
async function takeIfItAnswers({ host, state }: Candidate, wish: Wish, tools: Tools) {
  try {
    return await take(await endpointTo(host, tools), wish, tools);
  } catch (error) {
    const passedOver = silent(host, error, tools);
    if (state === 'ours' && passedOver.error.type === 'Unreachable') throw error;
    return passedOver;
  }
}

function inState(seen: readonly Candidate[], state: Candidate['state']): readonly Candidate[] {
  return seen.filter((candidate) => candidate.state === state);
}

/** Told now, not when the host is to be given back. */
async function requireCleanup(
  { cleanup, self }: Wish,
  { blueprint }: OperationContext,
  { blueprints }: Tools,
): Promise<void> {
  if (cleanup === '' || (await blueprints.exists(blueprint, cleanup))) return;
  throw failure(
    'OperationInputInvalid',
    `The blueprint has no file ${cleanup}, which the property cleanup of ${self.id} names.`,
  );
}

function lacksAddresses(name: string, networks: readonly string[]) {
  return failure('NotReady', `The host ${name} is taken, but has no address in ${networks.join(', ')}.`);
}
