import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import type { InstanceView } from '../../contracts/operation.ts';
import { withoutNulls } from '../../contracts/without-nulls.ts';
import { endpointOf } from '../ssh/endpoint.ts';
import type { SshEndpoint } from '../ssh/pool.ts';

/**
 * Where the input `fabric_env` leads; what it does not say is as for the instance's own machine. Undefined: it
 * says nothing. Another host needs a `host_key`, since none is taken on trust. Fails as OperationInputInvalid.
 */
export function fabricEndpoint(environment: JsonObject, instance: InstanceView): SshEndpoint | undefined {
  const asked = askedOf(environment);
  if (Object.values(asked).every((value) => value === undefined)) return undefined;
  const own = ownAccess(instance);
  const isOwn =
    asked.host === undefined || [own['host'], instance.host?.runtimeProperties['ip']].includes(asked.host);
  const where = `fabric_env of ${instance.id}`;
  if (!isOwn && asked.hostKey === undefined) {
    throw failure(
      'OperationInputInvalid',
      `${where} names the host ${JSON.stringify(asked.host)}, but not its host_key, as \`ssh-keyscan\` tells it. No host is trusted without.`,
    );
  }
  const base = isOwn ? own : { port: 22 };
  const secret = asked.key !== undefined || asked.password !== undefined;
  if (!isOwn && !secret && asked.keyFile !== undefined) {
    throw failure(
      'OperationInputInvalid',
      `${where} names a key_filename, but no file of the worker is read. Put the key into the secret store and give key: {get_secret: …}.`,
    );
  }
  const { key: ownKey, ...rest } = base;
  const access = {
    ...rest,
    ...(asked.host === undefined || isOwn ? {} : { host: asked.host }),
    ...(asked.port === undefined ? {} : { port: asked.port }),
    ...(asked.user === undefined ? {} : { user: asked.user }),
    ...(asked.hostKey === undefined ? {} : { host_key: asked.hostKey }),
    ...(secret ? { key: asked.key ?? null, password: asked.password ?? null } : { key: ownKey ?? null }),
  };
  return endpointOf(withoutNulls(access), where);
}

/** `host_string` is Fabric 1's `user@host:port`; what is said beside it counts more. */
function askedOf(environment: JsonObject) {
  const { host, host_string: text, port, user, key, password, host_key: hostKey } = environment;
  const parts = typeof text === 'string' ? /^(?:([^@]+)@)?(.+?)(?::(\d+))?$/.exec(text) : null;
  return {
    host: given(host) ?? parts?.[2],
    port: given(port) ?? (parts?.[3] === undefined ? undefined : Number(parts[3])),
    user: given(user) ?? parts?.[1],
    key: given(key),
    password: given(password),
    hostKey: given(hostKey),
    keyFile: given(environment['key_filename']),
  };
}

function given(value: JsonObject[string] | undefined) {
  return value === undefined || value === null || value === '' ? undefined : value;
}

function ownAccess({ host }: InstanceView): JsonObject {
  const ssh = host?.runtimeProperties['ssh'];
  return isJsonObject(ssh) ? ssh : {};
}
