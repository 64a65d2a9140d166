import { failure } from '../../../contracts/failure.ts';
import { isJsonObject, type Json } from '../../../contracts/json.ts';
import { type Override, readOverride, type Substitute } from './override-text.ts';

/** Documents with every override applied, in order: each to the first document that has its path. */
export function applyOverrides(
  documents: readonly Json[],
  overrides: readonly string[],
  substitute: Substitute,
): readonly Json[] {
  let changed = documents;
  for (const text of overrides) changed = applyOverride(changed, readOverride(text, substitute), text);
  return changed;
}

function applyOverride(documents: readonly Json[], override: Override, text: string): readonly Json[] {
  const index = documents.findIndex(
    (document) => assign(document, override.path, override.value) !== undefined,
  );
  if (index < 0)
    throw failure(
      'OperationInputInvalid',
      `The override «${text}» names a path that the manifest does not have.`,
    );
  return documents.map((document, position) =>
    position === index ? (assign(document, override.path, override.value) ?? document) : document,
  );
}

/** As an assignment in Python: all but the last step must exist, and an item of a list must too. */
function assign(target: Json, path: readonly (string | number)[], value: Json): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    if (!Array.isArray(target)) return undefined;
    const items = target as readonly Json[];
    const index = key < 0 ? items.length + key : key;
    const replaced = items[index] === undefined ? undefined : assign(items[index], rest, value);
    return replaced === undefined ? undefined : items.with(index, replaced);
  }
  if (!isJsonObject(target)) return undefined;
  const below = Object.hasOwn(target, key) ? target[key] : undefined;
  if (below === undefined) return rest.length === 0 ? { ...target, [key]: value } : undefined;
  const replaced = assign(below, rest, value);
  return replaced === undefined ? undefined : { ...target, [key]: replaced };
}
