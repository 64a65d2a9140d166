import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { failure } from './contracts/failure.ts';
import { reasonOf } from './contracts/reason.ts';

const program = fileURLToPath(new URL('bundle-workflows.ts', import.meta.url));
const largestCode = 64 * 1024 * 1024;

/**
 * The code of the workflows, bundled by a process of its own: what the bundler needs, some 200 MB, is gone with it
 * instead of staying the worker's. Fails as Internal with what the bundler said.
 */
export async function bundledWorkflows(environment: NodeJS.ProcessEnv): Promise<{ readonly code: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program], {
      env: environment,
      maxBuffer: largestCode,
    });
    return { code: stdout };
  } catch (error) {
    const said = reasonOf(error);
    throw failure('Internal', `The workflows cannot be bundled: ${said.slice(-2_000)}`, { cause: error });
  }
}
