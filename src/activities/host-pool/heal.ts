import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import { asWritten } from '../../contracts/sealed.ts';
import { pause } from '../machines/pause.ts';
import type { Tools } from '../operation.ts';
import { unfit } from './check.ts';
import { endpointTo, take } from './host.ts';
import type { PoolHost } from './pool.ts';
import { hostRuntime, hostTaken } from './runtime.ts';
import { wishOf, type PoolSettings, type Wish } from './subject.ts';

const inputsSchema = z.object({ patience: z.number().min(0).default(120) });
const pollMilliseconds = 1_000;

/**
 * Waits for a host that does not answer, as while it boots, and takes it again when it forgot that it is taken.
 * One that stays away, or is another's by now, fails for good: a reinstall takes another.
 */
export async function healHost(
  context: OperationContext,
  tools: Tools,
  settings: PoolSettings,
): Promise<OperationResult> {
  const wish = await wishOf(context, settings);
  const host = hostTaken(wish);
  if (host === undefined) throw lost(`${wish.self.id} has no host`);
  const { data: inputs } = inputsSchema.safeParse(context.inputs);
  const patience = (inputs?.patience ?? 120) * 1_000;
  const began = Date.now();
  for (;;) {
    const attempt = await attempted(host, wish, tools);
    if (typeof attempt !== 'string') return attempt;
    if (Date.now() - began >= patience) throw lost(`${attempt}, after ${patience / 1_000} s`);
    tools.heartbeat(`waiting for the host ${host.name}: ${attempt}`);
    await pause(pollMilliseconds, tools.signal);
  }
}

/** The host's runtime properties, or what may pass. */
async function attempted(host: PoolHost, wish: Wish, tools: Tools): Promise<OperationResult | string> {
  try {
    const answer = await take(await endpointTo(host, tools), wish, tools);
    if (answer.state === 'busy') return `the host ${host.name} is being taken or given back by another`;
    if (answer.state === 'held') throw lost(unfit(host, { ...answer, addresses: [] }, wish) ?? '');
    const runtimeProperties = hostRuntime(host, wish, answer.addresses);
    const now = { ...wish, self: { ...wish.self, runtimeProperties: asWritten(runtimeProperties) } };
    return unfit(host, answer, now) ?? { runtimeProperties };
  } catch (error) {
    tools.signal.throwIfAborted();
    if (error instanceof ApplicationFailure && error.nonRetryable !== true) return error.message;
    throw error;
  }
}

function lost(what: string) {
  return failure('Unreachable', `${what}; another must be taken in its place`, { retryable: false });
}
