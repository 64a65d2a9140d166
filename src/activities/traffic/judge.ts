import type { Reply } from './answer.ts';

/** A page came: the status says so, and it is one of the expected ones, if any are. */
export function isGood(reply: Reply, pages: readonly string[]): boolean {
  if (!reply.ok || reply.status < 200 || reply.status > 299) return false;
  return pages.length === 0 || pageOf(reply, pages) !== undefined;
}

/** Something behind the address answered. A gateway that tells that it reached nobody does not count. */
export function wentThrough(reply: Reply): boolean {
  return reply.ok && reply.status < 500;
}

/** Whether good answers hold every page, and the pages come in turn. */
export function isComplete(replies: readonly Reply[], pages: readonly string[]): boolean {
  const sequence = replies.map((reply) => pageOf(reply, pages));
  return pages.every((page) => sequence.includes(page)) && (pages.length < 2 || inTurn(sequence));
}

/** Which pages are not among the answers. */
export function missingPages(replies: readonly Reply[], pages: readonly string[]): readonly string[] {
  return pages.filter((page) => !replies.some((reply) => pageOf(reply, pages) === page));
}

function pageOf(reply: Reply, pages: readonly string[]): string | undefined {
  return reply.ok ? pages.find((page) => reply.body.includes(page)) : undefined;
}

/** No page three times in a row: once more than its turn is borne, as other clients take turns too. */
function inTurn(sequence: readonly (string | undefined)[]): boolean {
  return sequence.every(
    (page, index) => index < 2 || page !== sequence[index - 1] || page !== sequence[index - 2],
  );
}
