import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { bindingOf } from './binding.ts';
import { compressionCodec, failAsUnreadable } from './compression.ts';
import { type EncryptionCodec, encryptionCodec, type PayloadKeys } from './encryption.ts';
import { lettingIntoClient, lettingIntoWorker, lettingLook, markRefused } from './letting-in.ts';
import { workflowBundleWith } from './workflow-bundle.ts';

/** For clients: what does not come from where it should is an error. */
export function createDataConverter(keys: PayloadKeys): DataConverter {
  return converterWith(keys, [
    compressionCodec(failAsUnreadable),
    // Also without a key: so that what was encrypted elsewhere is told as that.
    encryptionCodec({ keys, bind: bindingOf, lettingIn: lettingIntoClient }),
  ]);
}

/** For workers. `plainStarts`: workflows take arguments that are not encrypted. */
export function createWorkerDataConverter(
  keys: PayloadKeys,
  options: { readonly plainStarts: boolean },
): DataConverter {
  return converterWith(keys, [
    compressionCodec(markRefused),
    encryptionCodec({ keys, bind: bindingOf, lettingIn: lettingIntoWorker(options) }),
  ]);
}

/** For the codec server: shows what lies anywhere; what it encrypts, an operator typed for some workflow of `namespace`. */
export function operatorCodecs(keys: PayloadKeys, namespace: string): readonly PayloadCodec[] {
  const bind = () => ({ namespace, typed: new Date().toISOString() });
  return [compressionCodec(failAsUnreadable), encryptionCodec({ keys, bind, lettingIn: lettingLook })];
}

/** Without a key. */
export const dataConverter: DataConverter = createDataConverter({ key: undefined, oldKeys: [] });

/** The id of the key by which payloads are encrypted with these codecs; undefined when they are not. */
export function payloadKeyOf(codecs: readonly PayloadCodec[] | undefined): string | undefined {
  return codecs?.find((codec): codec is EncryptionCodec => 'keyId' in codec)?.keyId;
}

function converterWith(keys: PayloadKeys, payloadCodecs: PayloadCodec[]): DataConverter {
  const { payloadConverterPath, failureConverterPath } = workflowBundleWith(keys);
  return {
    payloadConverterPath,
    ...(failureConverterPath === undefined ? {} : { failureConverterPath }),
    payloadCodecs,
  };
}
