import { z } from 'zod';

/** A line of the load balancer's access log. `upstream`: `10.0.0.1:80`, or `10.0.0.1:80, 10.0.0.2:80` after a retry. */
const lineSchema = z.object({
  uri: z.string().default(''),
  status: z.coerce.number(),
  upstream: z.string().nullish(),
});

const statusPage = '/nginx_status';
/** The gateway's own answers: nobody behind it did. */
const unanswered: ReadonlySet<number> = new Set([502, 503, 504]);

/** Counters `requests` and `requests to <upstream>`, over all logs; lines of another form are no requests. */
export function countRequests(logs: readonly string[]): Readonly<Record<string, number>> {
  const counters = new Map<string, number>([['requests', 0]]);
  const count = (name: string) => counters.set(name, (counters.get(name) ?? 0) + 1);
  for (const log of logs) {
    for (const line of log.split('\n')) {
      const request = parseLine(line);
      if (request === undefined || request.uri === statusPage) continue;
      count('requests');
      const upstream = answeredBy(request);
      if (upstream !== undefined) count(`requests to ${upstream}`);
    }
  }
  return Object.fromEntries(counters);
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The last one tried is the one that answered. */
function answeredBy({ upstream, status }: z.infer<typeof lineSchema>): string | undefined {
  if (unanswered.has(status)) return undefined;
  const last = (upstream ?? '').split(/[,:] /).at(-1)?.trim() ?? '';
  return last === '' || last === '-' ? undefined : last;
}
