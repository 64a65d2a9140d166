import { fileURLToPath } from 'node:url';
import type { PayloadKeys } from './encryption.ts';

/** What is bundled for the workflow sandbox; a bundle made beforehand must be made from the same. */
export const workflowBundleOptions = {
  workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
  payloadConverterPath: fileURLToPath(new URL('../contracts/payload-converter.ts', import.meta.url)),
  preloadModules: ['zod'],
};

/** With a key, messages of failures must be encrypted too; without one, people shall read them in the Web UI. */
export function workflowBundleWith({
  key,
}: PayloadKeys): typeof workflowBundleOptions & { readonly failureConverterPath?: string } {
  if (key === undefined) return workflowBundleOptions;
  const failureConverterPath = fileURLToPath(
    new URL('../contracts/encoded-failure-converter.ts', import.meta.url),
  );
  return { ...workflowBundleOptions, failureConverterPath };
}
