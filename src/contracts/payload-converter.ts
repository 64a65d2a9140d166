import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@temporalio/common';
import { undecodable } from './undecodable.ts';
import { reasonOf } from './reason.ts';

/**
 * Temporal's default converter, but that a payload which it cannot decode becomes a value that says so. A
 * person may type anything into the Web UI's form; an exception here would be retried for ever.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value): Payload => defaultPayloadConverter.toPayload(value),
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the interface has it
  fromPayload: <T>(payload: Payload): T => {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload);
    } catch (error) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever gets it asks isUndecodable
      return undecodable(reasonOf(error)) as T;
    }
  },
};
