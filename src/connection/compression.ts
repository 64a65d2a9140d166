import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { failure } from '../contracts/failure.ts';
import { reasonOf } from '../contracts/reason.ts';

const encoding = 'binary/gzip';
/** Smaller payloads stay as they are, so that people can read them in the Web UI. */
const threshold = 8192;
/**
 * Of what is decompressed at once, in bytes. Temporal takes 2 MB a payload; a plan, which is mostly repetition, comes
 * down to a twentieth.
 */
export const largestContent = 32 * 1024 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/**
 * Keeps plans and records well below the server's limits. `unreadable` makes a payload of why one cannot be
 * decompressed, or throws. Encoding fails as InvalidInput when nobody could decode it.
 */
export function compressionCodec(unreadable: (reason: string) => Payload): PayloadCodec {
  return {
    encode: (payloads) => Promise.all(payloads.map(encode)),
    async decode(payloads) {
      const decoded: Payload[] = [];
      let left = largestContent;
      // One after the other, so that together they are bounded.
      for (const payload of payloads) {
        const next = isCompressed(payload) ? await content(payload, left, unreadable) : payload;
        if (next !== payload) left -= next.data?.byteLength ?? 0;
        decoded.push(next);
      }
      return decoded;
    },
  };
}

/** Fails as InvalidInput. */
export function failAsUnreadable(reason: string): never {
  throw failure('InvalidInput', reason);
}

async function encode(payload: Payload): Promise<Payload> {
  const { data, metadata } = payload;
  // Of a workflow that returns nothing, the data is an empty array and no bytes.
  if (data == null || data.length < threshold) return payload;
  if (data.length > largestContent) {
    throw failure(
      'InvalidInput',
      `A value of ${data.length} bytes is more than Temporal may hold for Braid, ${largestContent}.`,
    );
  }
  return {
    metadata: {
      ...metadata,
      encoding: Buffer.from(encoding),
      'original-encoding': metadata?.['encoding'] ?? new Uint8Array(),
    },
    data: await compress(data),
  };
}

function isCompressed({ data, metadata }: Payload): boolean {
  return data != null && Buffer.from(metadata?.['encoding'] ?? []).toString() === encoding;
}

async function content(
  { data, metadata }: Payload,
  left: number,
  unreadable: (reason: string) => Payload,
): Promise<Payload> {
  const { 'original-encoding': original = new Uint8Array(), ...rest } = metadata ?? {};
  try {
    return {
      metadata: { ...rest, encoding: original },
      data: await decompress(data ?? new Uint8Array(), { maxOutputLength: Math.max(1, left) }),
    };
  } catch (error) {
    const reason = error instanceof RangeError ? `it is more than ${largestContent} bytes` : reasonOf(error);
    return unreadable(`A payload cannot be decompressed: ${reason}.`);
  }
}
