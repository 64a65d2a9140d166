import { fileURLToPath } from 'node:url';
import type { PayloadKeys } from './encryption.ts';

/** What is bundled for the workflow sandbox; a bundle made beforehand must be made from the same. */
export const workflowBundleOptions = {
  workflowsPath: pathOf('../workflows/index.ts'),
  payloadConverterPath: pathOf('../contracts/payload-converter.ts'),
  preloadModules: ['zod'],
};

type WorkflowBundleOptions = typeof workflowBundleOptions & {
  readonly failureConverterPath?: string;
  readonly workflowInterceptorModules?: string[];
};

/**
 * With a key, messages of failures must be encrypted too, and every argument says what it is for; without one, people
 * shall read them in the Web UI.
 */
export function workflowBundleWith({ key }: PayloadKeys): WorkflowBundleOptions {
  if (key === undefined) return workflowBundleOptions;
  return {
    ...workflowBundleOptions,
    failureConverterPath: pathOf('../contracts/encoded-failure-converter.ts'),
    workflowInterceptorModules: [pathOf('../workflows/only-what-is-meant.ts')],
  };
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
