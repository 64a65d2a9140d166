export type Counters = Readonly<Record<string, number>>;

/** A longer line is none of our load balancer's. */
const longestLine = 64 * 1024;
/** More upstreams than a service has are told as others. */
const mostCounters = 200;
const longestUpstream = 200;

/**
 * Counters `requests` and `requests to <upstream>` of an access log of our load balancer (images/load-balancer),
 * counted as it comes; lines of another form are no requests.
 */
export async function countRequests(log: AsyncIterable<Buffer>): Promise<Counters> {
  const counters = new Map<string, number>([['requests', 0]]);
  for await (const line of linesOf(log)) {
    const upstream = upstreamOf(line);
    if (upstream === undefined) continue;
    count(counters, 'requests');
    if (upstream !== null) count(counters, `requests to ${upstream}`);
  }
  return Object.fromEntries(counters);
}

export function sumOf(all: readonly Counters[]): Counters {
  const sum = new Map<string, number>([['requests', 0]]);
  for (const counters of all) for (const [name, value] of Object.entries(counters)) count(sum, name, value);
  return Object.fromEntries(sum);
}

function count(counters: Map<string, number>, name: string, by = 1): void {
  const known = counters.has(name) || counters.size < mostCounters;
  const place = known && name.length <= longestUpstream ? name : 'requests to others';
  counters.set(place, (counters.get(place) ?? 0) + by);
}

/** In Latin 1: what we look for is ASCII, and a piece may end within a letter of several bytes. */
async function* linesOf(log: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let begun = '';
  let tooLong = false;
  for await (const piece of log) {
    const lines = piece.toString('latin1').split('\n');
    for (const [index, part] of lines.entries()) {
      if (index > 0) {
        if (!tooLong) yield begun;
        begun = '';
        tooLong = false;
      }
      tooLong ||= begun.length + part.length > longestLine;
      begun = tooLong ? '' : begun + part;
    }
  }
  if (!tooLong) yield begun;
}

const request = /^\S+ "[^"]*" \d{3} upstream=/;
const statusMark = ' upstream_status=';
const timeMark = ' time=';

/** nginx writes these where a server did not answer. */
const unanswered: ReadonlySet<string> = new Set(['-', '', '502', '504']);

/**
 * Who answered the request that a line tells; null: nobody; undefined: the line tells none. After a retry the
 * upstreams and their statuses are lists, `upstream=10.0.0.1:80, 10.0.0.2:80 upstream_status=502, 200`, and the
 * last one tried is the one that answered.
 */
function upstreamOf(line: string): string | null | undefined {
  const [head] = request.exec(line) ?? [];
  if (head === undefined) return undefined;
  const statuses = line.indexOf(statusMark, head.length);
  if (statuses < 0) return undefined;
  const time = line.indexOf(timeMark, statuses + statusMark.length);
  if (time < 0) return undefined;
  if (unanswered.has(lastOf(line.slice(statuses + statusMark.length, time)))) return null;
  return lastOf(line.slice(head.length, statuses));
}

function lastOf(list: string): string {
  return list.slice(list.lastIndexOf(', ') + 1).trim();
}
