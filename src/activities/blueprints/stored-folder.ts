import type { BlueprintStore } from '../../store/blueprints.ts';
import { type BlueprintFolder, cleanName, mostBytes, outside } from './folder.ts';

/** A blueprint that is kept, to be read as a folder is. */
export function folderInStore(blueprints: BlueprintStore, reference: string): BlueprintFolder {
  return {
    async find(path) {
      const name = cleanName(path);
      if (name === null) return outside;
      if (!(await blueprints.exists(reference, name))) {
        return { reason: 'there is no such file in the blueprint’s folder or the catalogue.' };
      }
      return {
        name,
        read: async () => (await blueprints.read(reference, name)).toString('utf8', 0, mostBytes),
      };
    },
  };
}
