import type { TrafficAnswer } from '../../contracts/operation.ts';

/** One answer with its whole body, of which evidence keeps a line. */
export type Reply =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly milliseconds: number }
  | { readonly ok: false; readonly reason: string; readonly milliseconds: number };

/** Sends one request on a connection of its own. A failed request is a reply; only an abort rejects. */
export type Requester = {
  /** Who asks, for people. */
  readonly from: string;
  readonly request: (signal: AbortSignal) => Promise<Reply>;
};

const longestLine = 200;

/** As evidence keeps it: of a body the line that tells the page, or the first that is not empty. */
export function evidenceOf(reply: Reply, pages: readonly string[]): TrafficAnswer {
  if (!reply.ok) return reply;
  const lines = reply.body.split('\n').map((line) => line.trim());
  const telling = lines.find((line) => pages.some((page) => line.includes(page)));
  const line = telling ?? lines.find((one) => one !== '') ?? '';
  return { ...reply, body: line.slice(0, longestLine) };
}

/** What came, as curl would tell it. */
export function told(answer: TrafficAnswer | undefined): string {
  if (answer === undefined) return 'nothing';
  return answer.ok ? `HTTP ${answer.status} ${JSON.stringify(answer.body)}` : answer.reason;
}
