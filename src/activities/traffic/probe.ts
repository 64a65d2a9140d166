import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import { healthy, unhealthy } from '../health.ts';
import type { Operation } from '../operation.ts';
import { evidenceOf, type Reply, told } from './answer.ts';
import { isGood, missingPages } from './judge.ts';
import { requesterOf } from './requester.ts';
import { probeSettings } from './settings.ts';
import { verifyPages, verifyRefused } from './verify.ts';

const requestsWhenStopped = 4;

/** Proves that traffic goes as it must. The result is the evidence, which the instance also keeps. */
export const verifyProbe: Operation = async (context, tools) => {
  const self = selfOf(context);
  const settings = probeSettings(self);
  const verify = settings.expect === 'refused' ? verifyRefused : verifyPages;
  const evidence = await verify(settings, requesterOf(self, settings, tools), tools);
  return { runtimeProperties: { evidence }, result: evidence };
};

/** The opposite, while a hop is withdrawn: no request may be answered, whatever the probe expects otherwise. */
export const verifyProbeStopped: Operation = async (context, tools) => {
  const self = selfOf(context);
  const settings = { ...probeSettings(self), expect: 'refused' as const, requests: requestsWhenStopped };
  return { result: await verifyRefused(settings, requesterOf(self, settings, tools), tools) };
};

/** Looks once whether the pages come. A probe that expects refusal belongs to the installation alone. */
export const checkProbe: Operation = async (context, tools) => {
  const self = selfOf(context);
  const settings = probeSettings(self);
  if (settings.expect === 'refused')
    return healthy({ note: 'a control of the installation; not asked of a living chain' });
  const { expect_bodies: pages, url } = settings;
  const requester = requesterOf(self, settings, tools);
  const replies: Reply[] = [];
  for (let count = 0; count < Math.max(1, 2 * pages.length); count += 1) {
    const reply = await requester.request(tools.signal);
    if (!isGood(reply, pages)) return unhealthy(`${url}: ${told(evidenceOf(reply, pages))}`);
    replies.push(reply);
  }
  const missing = missingPages(replies, pages);
  if (missing.length === 0) return healthy({ url, requests: replies.length });
  return unhealthy(`${url} does not show ${missing.map((page) => JSON.stringify(page)).join(', ')}`);
};

function selfOf(context: OperationContext): InstanceView {
  if (context.subject.kind === 'node') return context.subject.self;
  throw failure(
    'OperationInputInvalid',
    `${context.implementation} is an operation of nodes, not of relationships`,
  );
}
