import { fileURLToPath } from 'node:url';

/** What is bundled for the workflow sandbox; a bundle made beforehand must be made from the same. */
export const workflowBundleOptions = {
  workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
  payloadConverterPath: fileURLToPath(new URL('../contracts/payload-converter.ts', import.meta.url)),
  preloadModules: ['zod'],
};
