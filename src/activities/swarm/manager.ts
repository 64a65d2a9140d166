import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { Health, InstanceView } from '../../contracts/operation.ts';
import type { Operation } from '../operation.ts';
import { withSwarm } from './connection.ts';
import { managerFrom } from './manager-info.ts';
import { subjectOf } from './service-subject.ts';
import { unwellWhenUnreachable } from './unwell.ts';

/** Reads the Swarm of the host that a Manager is contained in; runtime property `swarm_info`. */
export const readManager: Operation = async (context, tools) => {
  const { self } = subjectOf(context);
  const ssh = sshOf(self);
  const info = await withSwarm({ manager_ip: ssh['host'] ?? '', ssh }, tools, (swarm) => swarm.info());
  if (!info.Swarm.ControlAvailable) throw notYet(self);
  const { key, ...rest } = ssh;
  const key_secret = isJsonObject(key) ? (key['get_secret'] ?? null) : null;
  return {
    runtimeProperties: { swarm_info: { manager_ip: info.Swarm.NodeAddr, ssh: { ...rest, key_secret } } },
  };
};

/** Health: the engine answers and commands a Swarm. */
export const checkManager: Operation = async (context, tools) => {
  const { self } = subjectOf(context);
  return unwellWhenUnreachable(async (): Promise<Health> => {
    const info = await withSwarm(managerFrom(self), tools, (swarm) => swarm.info());
    if (info.Swarm.ControlAvailable) return { healthy: true, facts: { manager_ip: info.Swarm.NodeAddr } };
    return { healthy: false, reason: `${info.Name} is no Swarm manager (any more)` };
  });
};

/** Copies how the target's manager is reached onto the source Microservice: runtime property `swarm`. */
export const connectManager: Operation = async (context) => {
  if (context.subject.kind !== 'relationship')
    throw failure('Internal', `${context.implementation} is an operation of relationships, not of nodes.`);
  const { target } = context.subject;
  const swarm = managerFrom(target);
  if (swarm !== undefined) return { sourceRuntimeProperties: { swarm } };
  const message = `“${target.node}” has no swarm_info. It must be a cloudify.swarm.Manager, or a proxy or component of a deployment that has an output swarm_info.`;
  throw failure('CapabilityMissing', message, { details: { known: Object.keys(target.runtimeProperties) } });
};

/** By property `ssh` for a Swarm that exists elsewhere, else by the machine's own runtime property. */
function sshOf(self: InstanceView): JsonObject {
  const given = self.properties['ssh'];
  if (isJsonObject(given) && Object.keys(given).length > 0) return withSecretReference(self, given);
  const ssh = self.host?.runtimeProperties['ssh'];
  if (isJsonObject(ssh)) return ssh;
  const message = `Manager “${self.node}” must be contained in a Compute, or have the property ssh: {host, port, user, host_key, key_secret}.`;
  throw failure('OperationInputInvalid', message);
}

function withSecretReference(self: InstanceView, given: JsonObject): JsonObject {
  const { key_secret, ...rest } = given;
  const key: Json = { get_secret: key_secret ?? '' };
  return { port: 22, host: self.properties['ip'] ?? '', ...rest, key };
}

function notYet(self: InstanceView): Error {
  const message = `The host of Manager “${self.node}” runs Docker, but is not a Swarm manager. Run \`docker swarm init\` there before this node is created.`;
  return failure('NotReady', message);
}
