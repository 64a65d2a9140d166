import type { IncomingMessage } from 'node:http';

/** How much of an answer is read: a longer one is refused, or cut where its beginning is enough. */
export type Most = { readonly bytes: number; readonly beyond: 'refuse' | 'cut' };

/** A cluster answered with more than is read of it. */
export class AnswerTooLong extends Error {
  constructor(bytes: number) {
    super(`its answer is longer than ${bytes / 1024 / 1024} MiB`);
  }
}

/** The text of an answer, which is never kept beyond the limit. */
export async function readAnswer(response: IncomingMessage, { bytes, beyond }: Most): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  const data: AsyncIterable<Buffer> = response;
  for await (const chunk of data) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop ends the connection.
    if (length > bytes && beyond === 'refuse') throw new AnswerTooLong(bytes);
    if (length > bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes).toString();
}

/** How many objects and lists a JSON text has; cheaper than to read it. */
export function partsOf(json: string): number {
  let [parts, quoted] = [0, false];
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (quoted && character === '\\') index += 1;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '{' || character === '[')) parts += 1;
  }
  return parts;
}
