import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';

/** A payload as JSON: a list of numbers for bytes. */
export type Raw = {
  readonly raw: { readonly metadata: Readonly<Record<string, Bytes>>; readonly data: Bytes };
};
type Bytes = readonly number[];

/** Sends on what it was given as a payload, whatever that was encrypted by; what comes it may not be able to read. */
export const payloadConverter: PayloadConverter = {
  toPayload: (value) => (isRaw(value) ? bytesOf(value) : defaultPayloadConverter.toPayload(value)),
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the interface has it
  fromPayload: <T>(payload: Payload): T => {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody looks at it
      return 'unreadable' as T;
    }
  },
};

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && 'raw' in value;
}

function bytesOf({ raw: { metadata, data } }: Raw): Payload {
  const fields = Object.entries(metadata).map(([name, value]) => [name, Uint8Array.from(value)]);
  return { metadata: Object.fromEntries(fields), data: Uint8Array.from(data) };
}
