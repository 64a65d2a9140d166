import type { JsonObject } from '../../src/contracts/json.ts';
import type { HostView, InstanceView, OperationContext } from '../../src/contracts/operation.ts';
import type { BlueprintStore } from '../../src/store/blueprints.ts';
import type { SecretStore } from '../../src/store/secrets.ts';
import { contextWith } from './references.ts';

/** An instance as the engine shows it to an operation. */
export function instanceView(view: Partial<InstanceView> = {}): InstanceView {
  return {
    id: 'web_a1b2c3',
    node: 'web',
    index: 0,
    typeHierarchy: ['cloudify.nodes.Root', 'cloudify.nodes.ApplicationModule'],
    properties: {},
    runtimeProperties: {},
    host: null,
    targets: [],
    ...view,
  };
}

/**
 * The context of `cloudify.interfaces.lifecycle.start` of such an instance; `secrets`: the values of what is written
 * as `{get_secret: name}`.
 */
export function nodeContext(
  self: Partial<InstanceView>,
  inputs: JsonObject = {},
  context: Partial<OperationContext> = {},
  secrets: ReadonlyMap<string, string> = new Map(),
): OperationContext {
  const written: Omit<OperationContext, 'referenced'> = {
    deployment: 'chain',
    execution: 'install:chain:1',
    blueprint: `sha256:${'0'.repeat(64)}`,
    operation: 'cloudify.interfaces.lifecycle.start',
    implementation: 'test',
    idempotencyKey: 'key-1',
    adopt: false,
    inputs,
    subject: { kind: 'node', self: instanceView(self) },
    ...context,
  };
  return contextWith(written, secrets);
}

export function hostView(runtimeProperties: JsonObject): HostView {
  return { id: 'machine_x1', properties: {}, runtimeProperties };
}

/** Files of a blueprint, by path. */
export function blueprintOf(files: Readonly<Record<string, string>>): BlueprintStore {
  return {
    put: () => Promise.reject(new Error('not kept')),
    read: async (_reference, path) => Buffer.from(files[path] ?? ''),
    exists: async (_reference, path) => Object.hasOwn(files, path),
    list: async () => Object.keys(files).sort(),
  };
}

/** Secrets that nobody else sees. */
export function secretsInMemory(values: Map<string, string> = new Map()): SecretStore {
  const get = async (name: string): Promise<string> => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`no secret ${name}`);
    return value;
  };
  return {
    get,
    put: async (name, value) => void values.set(name, value),
    ensure: async (name, make) => {
      if (!values.has(name)) values.set(name, await make());
      return get(name);
    },
    remove: async (name) => void values.delete(name),
    list: async (prefix) => [...values.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}
