import { randomBytes } from 'node:crypto';
import type { Json, JsonObject } from '../../../src/contracts/json.ts';
import type {
  InstanceView,
  OperationContext,
  RuntimePatch,
  TargetView,
} from '../../../src/contracts/operation.ts';
import { asWritten } from '../../../src/contracts/sealed.ts';
import { contextWith } from '../../support/references.ts';
import type { SecretStore } from '../../../src/store/secrets.ts';
import type {
  MachineProvider,
  MachineProviders,
  MachineRequest,
} from '../../../src/activities/machines/provider.ts';
import type { Tools } from '../../../src/activities/operation.ts';
import type { SshPool } from '../../../src/activities/ssh/pool.ts';

export function randomName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

/** A subnet that hardly any other test has. */
export function randomSubnet(): string {
  return `10.232.${randomBytes(1)[0] ?? 0}.0/24`;
}

/** The provider of that kind of machine. */
export function machinesAt(providers: MachineProviders, kind = 'container'): MachineProvider {
  const machines = providers.kinds[kind];
  if (machines === undefined) throw new Error(`no provider ${kind}`);
  return machines;
}

/** What a provider is asked for: a machine in no network, unless told. */
export function requestOf(name: string, more: Partial<MachineRequest> = {}): MachineRequest {
  return {
    name,
    hostname: name,
    image: 'braid/machine',
    userdata: '',
    user: 'debian',
    publicKey: '',
    attachments: [],
    cpus: undefined,
    memory: undefined,
    owner: { deployment: 'test', instance: name },
    fingerprint: 'print',
    ...more,
  };
}

/** Secrets in memory. */
export function memorySecrets(): SecretStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: async (name) => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`no secret ${name}`);
      return value;
    },
    put: async (name, value) => void values.set(name, value),
    ensure: async (name, make) => {
      const value = values.get(name) ?? (await make());
      values.set(name, value);
      return value;
    },
    remove: async (name) => void values.delete(name),
    list: async (prefix) => [...values.keys()].filter((name) => name.startsWith(prefix)).sort(),
  };
}

export type ToolParts = {
  readonly machines: MachineProviders;
  readonly secrets?: SecretStore;
  readonly ssh?: SshPool;
  readonly signal?: AbortSignal;
};

export function toolsOf(parts: ToolParts): Tools {
  return {
    attempt: 1,
    secrets: parts.secrets ?? memorySecrets(),
    blueprints: { put: notUsed, read: notUsed, exists: notUsed, list: notUsed },
    ssh: parts.ssh ?? { connect: notUsed, close: notUsed },
    machines: parts.machines,
    installation: 'here',
    kubeconfigRights: new Set(),
    signal: parts.signal ?? new AbortController().signal,
    redact: (text) => text,
    heartbeat: () => {},
    log: () => {},
  };
}

export function instance(
  node: string,
  properties: JsonObject,
  more: Partial<InstanceView> = {},
): InstanceView {
  return {
    id: `${node}_abc123`,
    node,
    index: 0,
    typeHierarchy: [],
    properties,
    runtimeProperties: {},
    host: null,
    targets: [],
    ...more,
  };
}

export function connectedTarget(
  node: string,
  typeHierarchy: readonly string[],
  runtimeProperties: JsonObject,
): TargetView {
  const relationshipType = 'cloudify.relationships.connected_to';
  return {
    relationshipType,
    relationshipTypeHierarchy: ['cloudify.relationships.depends_on', relationshipType],
    relationshipProperties: {},
    id: `${node}_def456`,
    node,
    typeHierarchy,
    properties: {},
    runtimeProperties,
  };
}

export function contextOf(
  deployment: string,
  self: InstanceView,
  more: Partial<OperationContext> = {},
): OperationContext {
  return contextWith({
    deployment,
    execution: 'install:test',
    blueprint: '',
    operation: 'test',
    implementation: 'test',
    idempotencyKey: 'test',
    adopt: false,
    inputs: {},
    subject: { kind: 'node', self },
    ...more,
  });
}

/** Runtime properties after a patch: a value sets the key, null removes it. */
export function patched(before: JsonObject, patch: RuntimePatch = {}): JsonObject {
  const entries = Object.entries({ ...before, ...asWritten(patch) }).filter(
    (entry): entry is [string, Json] => entry[1] !== null,
  );
  return Object.fromEntries(entries);
}

async function notUsed(): Promise<never> {
  throw new Error('not used in this test');
}
