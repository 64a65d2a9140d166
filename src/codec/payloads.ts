import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { failure } from '../contracts/failure.ts';
import { parseJson } from '../contracts/json.ts';

/** Of one request: a page of a history has some hundreds. */
const mostPayloads = 5_000;

/** As protobuf's JSON has it: bytes in base64; what is empty may be left out. */
const payloadsSchema = z.object({
  payloads: z
    .array(
      z.looseObject({
        metadata: z.record(z.string(), z.base64()).nullish(),
        data: z.base64().nullish(),
      }),
    )
    .max(mostPayloads),
});

export type Direction = 'encode' | 'decode';

/** Runs the text of a request through the codecs, in the order in which a client does. Fails as InvalidInput. */
export async function coded(
  text: string,
  direction: Direction,
  codecs: readonly PayloadCodec[],
): Promise<string> {
  let payloads = read(text);
  for (const codec of direction === 'encode' ? codecs : codecs.toReversed()) {
    payloads = await codec[direction](payloads);
  }
  return JSON.stringify({ payloads: payloads.map(written) });
}

function read(text: string): Payload[] {
  const { data, error } = payloadsSchema.safeParse(parseJson(text));
  if (data === undefined) {
    throw failure('InvalidInput', `The request holds no payloads as JSON. ${z.prettifyError(error)}`);
  }
  return data.payloads.map((payload) => ({
    metadata: Object.fromEntries(
      Object.entries(payload.metadata ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')]),
    ),
    data: Buffer.from(payload.data ?? '', 'base64'),
  }));
}

function written({ metadata, data }: Payload) {
  const fields = Object.entries(metadata ?? {}).map(([key, value]) => [key, base64(value)]);
  return { metadata: Object.fromEntries(fields), data: base64(data ?? new Uint8Array()) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
