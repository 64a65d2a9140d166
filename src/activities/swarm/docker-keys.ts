import { isJsonObject, type Json } from '../../contracts/json.ts';

/** Below these the keys are a person's own words (label names, driver options), not Docker's. */
const ownKeys: ReadonlySet<string> = new Set(['labels', 'options', 'sysctls', 'attributes']);

export function holdsOwnKeys(key: string): boolean {
  return ownKeys.has(key.toLowerCase());
}

/** `container_spec` → `ContainerSpec`, all the way down; Docker itself takes no notice of the case of letters. */
export function toDockerKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map((element: Json) => toDockerKeys(element));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      toDockerKey(key),
      holdsOwnKeys(key) ? inner : toDockerKeys(inner),
    ]),
  );
}

function toDockerKey(key: string): string {
  return key
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
