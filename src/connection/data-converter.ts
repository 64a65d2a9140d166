import type { DataConverter } from '@temporalio/common';
import { compressionCodec } from './compression.ts';
import { workflowBundleOptions } from './workflow-bundle.ts';

/** The same for every client and worker: a payload of one must be readable by all. */
export const dataConverter: DataConverter = {
  payloadConverterPath: workflowBundleOptions.payloadConverterPath,
  payloadCodecs: [compressionCodec],
};
