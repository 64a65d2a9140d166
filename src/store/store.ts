import { join } from 'node:path';
import { blueprintCopies } from './blueprint-copies.ts';
import type { BlueprintStore } from './blueprints.ts';
import type { SecretKeys } from './key-ring.ts';
import { openStoreKeys, type StoreKeys } from './keys.ts';
import { secretFiles } from './secret-files.ts';
import type { SecretStore } from './secrets.ts';
import { usageFiles, type UsageStore } from './usage.ts';
import { valueFiles, type ValueStore } from './values.ts';

/** All that a worker keeps on its disk, encrypted with one key. */
export type Store = {
  readonly keys: StoreKeys;
  readonly secrets: SecretStore;
  readonly values: ValueStore;
  readonly blueprints: BlueprintStore;
  readonly usage: UsageStore;
};

export type StoreFolders = {
  readonly state: string;
  readonly secrets: string;
  readonly values: string;
  readonly blueprints: string;
  readonly used: string;
};

/** `state`: the folder that is BRAID_STATE. */
export function storeFolders(state: string): StoreFolders {
  return {
    state,
    secrets: join(state, 'secrets'),
    values: join(state, 'values'),
    blueprints: join(state, 'blueprints'),
    used: join(state, 'used'),
  };
}

/** `blueprints`: where users’ blueprints are. Fails as `openStoreKeys` does. */
export async function openStore(state: string, blueprints: string, secretKeys: SecretKeys): Promise<Store> {
  const folders = storeFolders(state);
  const keys = await openStoreKeys({ folder: folders.secrets, ...secretKeys });
  const values = valueFiles(folders.values, keys);
  const copies = blueprintCopies({ folder: folders.blueprints, blueprints, keys });
  return {
    keys,
    secrets: secretFiles(folders.secrets, keys),
    values,
    blueprints: copies,
    usage: usageFiles({ folder: folders.used, keys, values, blueprints: copies }),
  };
}
