import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding.js';
import { isMeant, meant, purposeField, purposeOf } from './meant.ts';
import { reasonOf } from './reason.ts';
import { refused, refusedEncoding, undecodable } from './undecodable.ts';

/**
 * Temporal's default converter, but that a payload which it cannot decode becomes a value that says so. A
 * person may type anything into the Web UI's form; an exception here would be retried for ever. What an
 * argument is meant for goes with it.
 */
export const payloadConverter: PayloadConverter = {
  toPayload(value): Payload {
    if (!isMeant(value)) return defaultPayloadConverter.toPayload(value);
    const { metadata, ...rest } = defaultPayloadConverter.toPayload(value.value);
    return { ...rest, metadata: { ...metadata, [purposeField]: encode(purposeOf(value)) } };
  },
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the interface has it
  fromPayload: <T>(payload: Payload): T => {
    const value = valueOf(payload);
    const purpose = payload.metadata?.[purposeField];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever gets it asks isMeant and isUndecodable
    return (purpose == null ? value : meant(decode(purpose), value)) as T;
  },
};

function valueOf(payload: Payload): unknown {
  const encoding = payload.metadata?.['encoding'];
  if (encoding != null && decode(encoding) === refusedEncoding) return refused(decode(payload.data ?? none));
  try {
    return defaultPayloadConverter.fromPayload(payload);
  } catch (error) {
    return undecodable(reasonOf(error));
  }
}

const none = new Uint8Array();
