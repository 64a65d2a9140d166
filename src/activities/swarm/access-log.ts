/**
 * A line of our load balancer's access log (images/load-balancer). After a retry the upstreams and their
 * statuses are lists: `upstream=10.0.0.1:80, 10.0.0.2:80 upstream_status=502, 200`.
 */
const requestLine = /^\S+ "[^"]*" \d{3} upstream=(?<upstreams>.*?) upstream_status=(?<statuses>.*?) time=/;

/** nginx writes these where a server did not answer. */
const unanswered: ReadonlySet<string> = new Set(['-', '', '502', '504']);

/** Counters `requests` and `requests to <upstream>`, over all logs; lines of another form are no requests. */
export function countRequests(logs: readonly string[]): Readonly<Record<string, number>> {
  const counters = new Map<string, number>([['requests', 0]]);
  const count = (name: string): void => void counters.set(name, (counters.get(name) ?? 0) + 1);
  for (const line of logs.flatMap((log) => log.split('\n'))) {
    const { upstreams, statuses } = requestLine.exec(line)?.groups ?? {};
    if (upstreams === undefined || statuses === undefined) continue;
    count('requests');
    const upstream = lastOf(upstreams);
    if (!unanswered.has(lastOf(statuses))) count(`requests to ${upstream}`);
  }
  return Object.fromEntries(counters);
}

/** The last one tried is the one that answered. */
function lastOf(list: string): string {
  return list.split(', ').at(-1) ?? '';
}
