import { failure } from '../../contracts/failure.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { endpointTo, giveBack } from './host.ts';
import type { PoolHost } from './pool.ts';
import { hostTaken, noHostRuntime } from './runtime.ts';
import { wishOf, type PoolSettings, type Wish } from './subject.ts';
import { survey } from './survey.ts';

/**
 * Cleans the host and gives it back, and any other of the pool that an attempt which broke off, or a host that
 * went away and came back, left in the instance's name.
 */
export async function releaseHost(
  context: OperationContext,
  tools: Tools,
  settings: PoolSettings,
): Promise<OperationResult> {
  const wish = await wishOf(context, settings);
  const cleanup = await cleanupOf(wish, context, tools);
  const taken = hostTaken(wish);
  if (taken !== undefined) await release(taken, wish, cleanup, tools);
  for (const { host, state } of await survey(wish, tools)) {
    if (state === 'ours') await release(host, wish, cleanup, tools);
  }
  return { runtimeProperties: noHostRuntime };
}

async function release(host: PoolHost, wish: Wish, cleanup: string | null, tools: Tools): Promise<void> {
  tools.heartbeat(`cleaning the host ${host.name}`);
  const answer = await giveBack(await endpointTo(host, tools), wish.holder, cleanup, tools);
  if (answer.state === 'busy') {
    throw failure('NotReady', `The host ${host.name} is being taken or given back by another.`);
  }
  if (answer.output.trim() !== '') tools.log(`${wish.cleanup} on ${host.name} printed:\n${answer.output}`);
  if (answer.state === 'released') return;
  const lines = answer.output.trimEnd().split('\n').slice(-25).join('\n');
  throw failure(
    'ScriptFailed',
    `The host ${host.name} is not given back, because it could not be cleaned: ${wish.cleanup} ended with status ${answer.status}. Its last lines:\n${lines}`,
  );
}

async function cleanupOf(
  { cleanup }: Wish,
  { blueprint }: OperationContext,
  { blueprints }: Tools,
): Promise<string | null> {
  return cleanup === '' ? null : (await blueprints.read(blueprint, cleanup)).toString('utf8');
}
