import { resolve } from 'node:path';
import { failure } from '../contracts/failure.ts';

/**
 * Folder of plugins of one's own, which blueprints import by name; null: there is none. Apart from the other
 * settings, since it is all that a command needs which only reads blueprints. Fails as ConfigurationInvalid.
 */
export function pluginsFolder({ BRAID_PLUGINS }: NodeJS.ProcessEnv): string | null {
  if (BRAID_PLUGINS === '') {
    throw failure('ConfigurationInvalid', 'The environment is not valid. BRAID_PLUGINS: must not be empty.');
  }
  return BRAID_PLUGINS === undefined ? null : resolve(BRAID_PLUGINS);
}
