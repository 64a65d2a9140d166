import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import { toDockerKeys } from './docker-keys.ts';
import { asObject } from './live-spec.ts';
import { withoutNulls } from '../../contracts/without-nulls.ts';

type Invalid = (problem: string) => Error;

/** Docker's ContainerSpec: what `task_template` says, and over it what the Container node says. */
export function containerSpec(
  base: JsonObject,
  containers: readonly JsonObject[],
  invalid: Invalid,
): JsonObject {
  if (containers.length > 1)
    throw invalid('a Swarm service runs one container, but several Containers are attached.');
  const spec = { ...base, ...fromNode(containers[0] ?? {}, invalid) };
  if (typeof spec['Image'] === 'string' && spec['Image'] !== '') return spec;
  throw invalid(
    'it has no image. Attach a Container by cloudify.swarm.relationships.container_contained_in_microservice, or set task_template.container_spec.image.',
  );
}

function fromNode(container: JsonObject, invalid: Invalid): JsonObject {
  const { image, entry_point, args, env, mounts } = container;
  return withoutNulls({
    Image: image,
    Command: words(entry_point, 'entry_point', invalid),
    Args: words(args, 'args', invalid),
    Env: environment(env, invalid),
    Mounts: Array.isArray(mounts) && mounts.length > 0 ? mounts.map(mount) : undefined,
  });
}

/** A list as it is; a text cut at its blanks, without a shell. */
function words(value: Json | undefined, property: string, invalid: Invalid): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  const list = typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : value;
  if (!Array.isArray(list)) throw invalid(`${property} of its Container must be a list or a text.`);
  return list.length === 0 ? undefined : list.map(text);
}

/** A dict, or a list of `NAME=value`. Lists and dicts as values become JSON. */
function environment(env: Json | undefined, invalid: Invalid): readonly string[] | undefined {
  if (env === undefined || env === null || env === '') return undefined;
  if (Array.isArray(env)) return env.length === 0 ? undefined : env.map((entry) => named(entry, invalid));
  if (!isJsonObject(env)) throw invalid('env of its Container must be a dict or a list of NAME=value.');
  const entries = Object.entries(env).filter(([, value]) => value !== null);
  return entries.length === 0 ? undefined : entries.map(([name, value]) => `${name}=${text(value)}`);
}

function named(entry: Json, invalid: Invalid): string {
  if (typeof entry === 'string' && entry.indexOf('=') > 0) return entry;
  throw invalid('each entry of the env list of its Container must be NAME=value.');
}

/** `readonly` has no underscore and so no second capital. */
function mount(volume: Json): Json {
  if (!isJsonObject(volume)) return volume;
  const { readonly, ...rest } = volume;
  return { Type: 'volume', ...asObject(toDockerKeys(rest)), ReadOnly: readonly === true };
}

function text(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
