import type { ApplicationFailure } from '@temporalio/common';
import { failure } from '../../contracts/failure.ts';
import { whoHolds } from './host.ts';
import type { Wish } from './subject.ts';
import type { Candidate } from './survey.ts';

/** Why no host was taken: what was looked for, and what each host is to it. Tried again when that may pass. */
export function noHostFree(wish: Wish, seen: readonly Candidate[]): ApplicationFailure {
  const { pool, networks } = wish;
  const silent = seen.flatMap((candidate) => (candidate.state === 'silent' ? [candidate.error] : []));
  const [first] = silent;
  // Then it is not for want of a free one.
  if (first !== undefined && silent.length === seen.length) return first;
  const where = Object.values(networks);
  const asked = [
    ...(wish.os === 'linux' ? [] : [`the system ${wish.os}`]),
    ...(wish.tags.length === 0 ? [] : [`the tags ${wish.tags.join(', ')}`]),
    ...(where.length === 0 ? [] : [`an address in each of ${where.join(', ')}`]),
  ];
  const wanted = asked.length === 0 ? '' : ` with ${asked.join(' and ')}`;
  return failure(
    'NoHostFree',
    [
      `The host pool ${pool.name} has no free host${wanted} for ${wish.self.id}.`,
      `${counted(seen.length)} of its ${pool.hosts.length} hosts come${seen.length === 1 ? 's' : ''} into question.`,
      ...seen.map((candidate) => `${candidate.host.name} ${told(candidate, wish)}.`),
    ].join(' '),
    {
      retryable: seen.some(({ state }) => state === 'busy' || state === 'silent'),
      details: {
        pool: pool.name,
        tags: wish.tags,
        hosts: Object.fromEntries(seen.map((candidate) => [candidate.host.name, told(candidate, wish)])),
      },
    },
  );
}

function counted(number: number): string {
  return number === 0 ? 'None' : String(number);
}

/** What a host is, as the end of a sentence that begins with its name. */
function told(candidate: Candidate, { holder }: Wish): string {
  switch (candidate.state) {
    case 'held':
      return `is held by ${whoHolds(candidate.claim, holder)} since ${candidate.claim.since}`;
    case 'elsewhere':
      return `has no address in ${candidate.lacking.join(', ')}`;
    case 'silent':
      return `cannot be asked (${candidate.error.type}: ${candidate.error.message.replace(/\.$/, '')})`;
    default:
      return 'is being taken or given back by another';
  }
}
