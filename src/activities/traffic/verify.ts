import { failure } from '../../contracts/failure.ts';
import type { Json } from '../../contracts/json.ts';
import type { TrafficEvidence } from '../../contracts/operation.ts';
import { pause } from '../machines/pause.ts';
import { evidenceOf, type Reply, type Requester, told } from './answer.ts';
import { isComplete, isGood, missingPages, wentThrough } from './judge.ts';
import { expectation, type ProbeSettings } from './settings.ts';

const pauseMilliseconds = 200;
const sideBySide = 4;

type Watch = { readonly signal: AbortSignal; readonly heartbeat: (details: Json) => void };

/** Asks until the pages come as they must. Fails as TrafficUnexpected when they do not within the time. */
export async function verifyPages(
  settings: ProbeSettings,
  requester: Requester,
  watch: Watch,
): Promise<TrafficEvidence> {
  const { requests, within, expect_bodies: pages } = settings;
  const end = performance.now() + within * 1000;
  const replies: Reply[] = [];
  for (;;) {
    const reply = await requester.request(watch.signal);
    replies.push(reply);
    const row = rowOfGood(replies, requests, pages);
    if (row.length === requests && isComplete(row, pages)) return evidence(settings, requester, row);
    if (performance.now() >= end) throw unexpected(settings, requester, replies);
    if (row.length === 0) watch.heartbeat(`${settings.url}: ${told(evidenceOf(reply, pages))}`);
    // A row that grows needs no pause; without one, a target that is down would be flooded.
    if (row.length === 0 || row.length === requests) await pause(pauseMilliseconds, watch.signal);
  }
}

/** Asks as often as it is told; an answered request fails at once as TrafficUnexpected. */
export async function verifyRefused(
  settings: ProbeSettings,
  requester: Requester,
  watch: Watch,
): Promise<TrafficEvidence> {
  const replies: Reply[] = [];
  while (replies.length < settings.requests) {
    const count = Math.min(sideBySide, settings.requests - replies.length);
    const some = await Promise.all(Array.from({ length: count }, () => requester.request(watch.signal)));
    replies.push(...some);
    if (some.some(wentThrough)) throw wentThroughAlthough(settings, requester, replies);
    watch.heartbeat(`${settings.url}: ${replies.length} of ${settings.requests} refused`);
  }
  return evidence(settings, requester, replies);
}

/** The last good answers without a bad one between them, as many as are asked for at most. */
function rowOfGood(replies: readonly Reply[], most: number, pages: readonly string[]): readonly Reply[] {
  const lastBad = replies.findLastIndex((reply) => !isGood(reply, pages));
  return replies.slice(Math.max(lastBad + 1, replies.length - most));
}

function evidence(settings: ProbeSettings, requester: Requester, replies: readonly Reply[]): TrafficEvidence {
  return {
    url: settings.url,
    from: requester.from,
    expected: expectation(settings),
    answers: replies.map((reply) => evidenceOf(reply, settings.expect_bodies)),
  };
}

function unexpected(settings: ProbeSettings, requester: Requester, replies: readonly Reply[]): Error {
  const { url, within, expect_bodies: pages, requests } = settings;
  const recent = replies.slice(-requests);
  const good = recent.filter((reply) => isGood(reply, pages)).length;
  const missing = missingPages(recent, pages).map((page) => JSON.stringify(page));
  const bad = recent.findLast((reply) => !isGood(reply, pages)) ?? recent.at(-1);
  const got = [
    `${good} of the last ${recent.length} answers were good`,
    ...(missing.length === 0 ? [] : [`never seen: ${missing.join(', ')}`]),
    `the last that did not fit: ${bad === undefined ? 'none' : told(evidenceOf(bad, pages))}`,
  ];
  return failure(
    'TrafficUnexpected',
    `${url} asked from ${requester.from}: expected ${expectation(settings)} within ${within} s; got: ${got.join('; ')}`,
    { details: evidence(settings, requester, recent) },
  );
}

function wentThroughAlthough(
  settings: ProbeSettings,
  requester: Requester,
  replies: readonly Reply[],
): Error {
  const answer = replies.find(wentThrough);
  const got = answer === undefined ? '' : told(evidenceOf(answer, settings.expect_bodies));
  return failure(
    'TrafficUnexpected',
    `traffic went through although it must not: ${settings.url} asked from ${requester.from} answered ${got}; something bypasses the chain, or left a path behind`,
    { details: evidence(settings, requester, replies) },
  );
}
