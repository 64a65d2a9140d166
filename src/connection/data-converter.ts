import type { DataConverter } from '@temporalio/common';
import { compressionCodec } from './compression.ts';
import { type EncryptionCodec, encryptionCodec, type PayloadKeys } from './encryption.ts';
import { workflowBundleWith } from './workflow-bundle.ts';

/** The same for every client and worker: a payload of one must be readable by all. */
export function createDataConverter(keys: PayloadKeys): DataConverter {
  const { payloadConverterPath, failureConverterPath } = workflowBundleWith(keys);
  return {
    payloadConverterPath,
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
    // Also without a key: so that what was encrypted elsewhere is told as that.
    payloadCodecs: [compressionCodec, encryptionCodec(keys)],
  };
}

/** Without a key. */
export const dataConverter: DataConverter = createDataConverter({ key: undefined, oldKeys: [] });

/** The id of the key by which payloads are encrypted with these codecs; undefined when they are not. */
export function payloadKeyOf(codecs: DataConverter['payloadCodecs']): string | undefined {
  return codecs?.find((codec): codec is EncryptionCodec => 'keyId' in codec)?.keyId;
}
