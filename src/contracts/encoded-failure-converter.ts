import { DefaultFailureConverter } from '@temporalio/common';

/** Messages and stack traces of failures become payloads, which a codec can encrypt; codes stay readable. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
