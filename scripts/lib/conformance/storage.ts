import { isJsonObject, type Json, type JsonObject } from '../../../src/contracts/json.ts';
import {
  EvaluationError,
  follow,
  type Path,
  type RuntimeScope,
} from '../../../src/language/functions/index.ts';
import { meantInstance } from '../../../src/topology/meant-instance.ts';

/** What a case says is stored. */
export type Storage = JsonObject;

/** Something that the peer answers with an exception of its own kind. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  readonly exception: string;
  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}

/**
 * Lets `evaluate` see what is stored, from the place that `context` tells. `lenient`: of an attribute without
 * an instance the reason is told in its place.
 */
export function scopeOf(storage: Storage, context: JsonObject, lenient = false): RuntimeScope {
  const nodes = listOf(storage['nodes']);
  const instances = listOf(storage['node_instances']);
  const byId = new Map(instances.map((one) => [text(one['id']), one]));

  return {
    input: (name, path) => inputAt(storage['inputs'] ?? {}, name, path),
    property: (reference, path) => {
      checkRole(reference, context);
      return follow(propertiesOf(nodeNamed(reference)), path);
    },
    attribute: (reference, path) => ({
      text: lenient ? told(() => readAttribute(reference, path)) : readAttribute(reference, path),
    }),
    attributes: (reference, path) => {
      const name = nodeNamed(reference);
      if (!nodes.some((one) => one['id'] === name)) throw new PeerError('KeyError', 'Node not found');
      const own = instances.filter((one) => one['node_id'] === name);
      return Object.fromEntries(own.map((one) => [text(one['id']), { text: attributeOf(one, path) }]));
    },
    capability: (deployment, path) => ({ text: found(storage['capabilities'], [deployment, ...path]) }),
    computedSecretNames: true,
    other: (name, argument) => other(name, argument, storage),
  };

  function readAttribute(reference: string, path: Path): Json {
    return attributeOf(instanceNamed(reference), path);
  }

  function nodeNamed(reference: string): string {
    if (!isRole(reference)) return reference;
    const id = contextual(reference);
    return text(byId.get(id)?.['node_id'] ?? id);
  }

  function contextual(role: string): string {
    const id = context[role.toLowerCase()];
    if (typeof id !== 'string') throw new EvaluationError(`${role} is missing in the request's context.`);
    return id;
  }

  function instanceNamed(reference: string): JsonObject {
    const direct = isRole(reference) ? byId.get(contextual(reference)) : undefined;
    if (direct !== undefined) return direct;
    const node = nodeNamed(reference);
    const candidates = instances.filter((one) => one['node_id'] === node);
    if (candidates.length === 0) throw new EvaluationError(`Node ${node} has no instances.`);
    const readers = ['self', 'source', 'target'].flatMap((role) => known(text(context[role])) ?? []);
    const meant = meantInstance(
      candidates.flatMap((one) => known(text(one['id'])) ?? []),
      readers,
      known,
    );
    const record = meant === undefined ? undefined : byId.get(meant.id);
    if (record === undefined) throw new EvaluationError(`Node ${node} cannot be resolved unambiguously.`);
    return record;
  }

  function known(id: string) {
    const instance = byId.get(id);
    if (instance === undefined) return undefined;
    const relationships = listOf(instance['relationships']);
    const node = nodes.find((one) => one['id'] === instance['node_id']);
    const inside = listOf(node?.['relationships']).find((one) =>
      JSON.stringify(one['type_hierarchy'] ?? []).includes('cloudify.relationships.contained_in'),
    );
    const container = relationships.find((one) => one['target_name'] === inside?.['target_id']);
    return {
      id,
      containedIn: inside === undefined || container === undefined ? null : text(container['target_id']),
      scalingGroups: listOf(instance['scaling_groups']).map((one) => ({
        name: text(one['name']),
        id: text(one['id']),
      })),
      relationships: relationships.map((one, position) => ({ position, target: text(one['target_id']) })),
    };
  }

  function propertiesOf(node: string): Json {
    return nodes.find((one) => one['id'] === node)?.['properties'] ?? {};
  }

  function attributeOf(instance: JsonObject, path: Path): Json {
    const special: JsonObject = {
      node_instance_id: instance['id'] ?? null,
      node_instance_index: instance['index'] ?? null,
    };
    return (
      follow(instance['runtime_properties'] ?? {}, path) ??
      follow(special, path) ??
      follow(propertiesOf(text(instance['node_id'])), path) ??
      null
    );
  }
}

function told(read: () => Json): Json {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return `<ERROR: ${error.message}>`;
  }
}

/** Where the peer takes SELF, SOURCE and TARGET for the node of a property. */
function checkRole(reference: string, context: JsonObject): void {
  if (!isRole(reference)) return;
  const related = typeof context['source'] === 'string' && typeof context['target'] === 'string';
  if (reference === 'SELF' ? !related && typeof context['self'] === 'string' : related) return;
  throw new PeerError('ValueError', `${reference} has no meaning in this context.`);
}

function inputAt(inputs: Json, name: string, path: Path): Json | undefined {
  const input = follow(inputs, [name]);
  if (input === undefined) return undefined;
  try {
    for (const [position] of path.entries()) {
      const outer = follow(input, path.slice(0, position));
      const inner = follow(input, path.slice(0, position + 1));
      if (typeof outer === 'object' && outer !== null && inner === undefined) {
        throw wrongPath(`The input ${name} has nothing at ${path.join('.')}.`);
      }
    }
    return follow(input, path);
  } catch (error) {
    throw error instanceof EvaluationError ? wrongPath(error.message) : error;
  }
}

function wrongPath(message: string): PeerError {
  return new PeerError('InputEvaluationError', message);
}

function other(name: string, argument: Json, storage: Storage): Json | undefined {
  const labels = storage['labels'] ?? {};
  switch (name) {
    case 'get_label': {
      const [key, index] = Array.isArray(argument) ? argument : [argument];
      const values = found(labels, [text(key)]);
      return index === undefined ? values : found(values, [Number(index)]);
    }
    case 'get_environment_capability': {
      const parent = found(labels, ['csys-obj-parent', 0]);
      return found(storage['capabilities'], [text(parent), ...stepsOf(argument)]);
    }
    case 'get_group_capability':
      return found(storage['group_capabilities'], stepsOf(argument));
    case 'get_sys':
      return found(storage['sys'], stepsOf(argument));
    case 'get_consumers':
      return found(storage['consumers'], stepsOf(argument));
    default:
      return undefined;
  }
}

function found(value: Json | undefined, path: Path): Json {
  const there = follow(value ?? {}, path);
  if (there === undefined) throw new EvaluationError(`There is nothing at ${path.join('.')}.`);
  return there;
}

function stepsOf(argument: Json): Path {
  return (Array.isArray(argument) ? argument : [argument]).map((step: Json) =>
    typeof step === 'number' ? step : text(step),
  );
}

function isRole(reference: string): boolean {
  return reference === 'SELF' || reference === 'SOURCE' || reference === 'TARGET';
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
