import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';

const encoding = 'binary/gzip';
/** Smaller payloads stay as they are, so that people can read them in the Web UI. */
const threshold = 8192;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Keeps plans and records well below the server's limits. */
export const compressionCodec: PayloadCodec = {
  encode: (payloads) => Promise.all(payloads.map(encode)),
  decode: (payloads) => Promise.all(payloads.map(decode)),
};

async function encode(payload: Payload): Promise<Payload> {
  const { data, metadata } = payload;
  // Of a workflow that returns nothing, the data is an empty array and no bytes.
  if (data == null || data.length < threshold) return payload;
  return {
    metadata: {
      encoding: Buffer.from(encoding),
      'original-encoding': metadata?.['encoding'] ?? new Uint8Array(),
    },
    data: await compress(data),
  };
}

async function decode(payload: Payload): Promise<Payload> {
  const { data, metadata } = payload;
  if (data == null || Buffer.from(metadata?.['encoding'] ?? []).toString() !== encoding) return payload;
  return {
    metadata: { encoding: metadata?.['original-encoding'] ?? new Uint8Array() },
    data: await decompress(data),
  };
}
