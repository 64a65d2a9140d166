import { failure } from '../../contracts/failure.ts';
import type { Health, InstanceView } from '../../contracts/operation.ts';
import { asJson, isValueMap, type ValueMap } from '../../contracts/sealed.ts';
import { referencedSelfOf } from '../machines/subject.ts';
import type { Operation } from '../operation.ts';
import { withSwarm } from './connection.ts';
import { managerFrom, managerIn } from './manager-info.ts';
import { subjectOf } from './service-subject.ts';
import { unwellWhenUnreachable } from './unwell.ts';

/** Reads the Swarm of the host that a Manager is contained in; runtime property `swarm_info`. */
export const readManager: Operation = async (context, tools) => {
  const { self } = subjectOf(context, tools);
  const ssh = sshOf(self);
  const manager = asJson({ manager_ip: ssh['host'] ?? '', ssh });
  const info = await withSwarm(manager, tools, (swarm) => swarm.info());
  if (!info.Swarm.ControlAvailable) throw notYet(self);
  return {
    runtimeProperties: {
      swarm_info: { manager_ip: info.Swarm.NodeAddr, ssh: sshOf(referencedSelfOf(context)) },
    },
  };
};

/** Health: the engine answers and commands a Swarm. */
export const checkManager: Operation = async (context, tools) => {
  const { self } = subjectOf(context, tools);
  return unwellWhenUnreachable(async (): Promise<Health> => {
    const info = await withSwarm(managerFrom(self), tools, (swarm) => swarm.info());
    if (info.Swarm.ControlAvailable) return { healthy: true, facts: { manager_ip: info.Swarm.NodeAddr } };
    return { healthy: false, reason: `${info.Name} is no Swarm manager (any more)` };
  });
};

/** Copies how the target's manager is reached onto the source Microservice: runtime property `swarm`. */
export const connectManager: Operation = async ({ implementation, subject, referenced }) => {
  if (subject.kind !== 'relationship' || referenced.kind !== 'relationship')
    throw failure('Internal', `${implementation} is an operation of relationships, not of nodes.`);
  const { target } = subject;
  const swarm = managerIn(referenced.target.runtimeProperties);
  if (swarm !== undefined && managerFrom(target) !== undefined) return { sourceRuntimeProperties: { swarm } };
  const message = `“${target.node}” has no swarm_info. It must be a cloudify.swarm.Manager, or a proxy or component of a deployment that has an output swarm_info.`;
  throw failure('CapabilityMissing', message, { details: { known: Object.keys(target.runtimeProperties) } });
};

/** By property `ssh` for a Swarm that exists elsewhere, else by the machine's own runtime property. */
function sshOf(self: InstanceView<ValueMap>): ValueMap {
  const { ssh: given = null, ip = '' } = self.properties;
  if (isValueMap(given) && Object.keys(given).length > 0) return { port: 22, host: ip, ...given };
  const ssh = self.host?.runtimeProperties['ssh'];
  if (ssh !== undefined && isValueMap(ssh)) return ssh;
  const message = `Manager “${self.node}” must be contained in a Compute, or have the property ssh: {host, port, user, host_key, key}.`;
  throw failure('OperationInputInvalid', message);
}

function notYet(self: InstanceView): Error {
  const message = `The host of Manager “${self.node}” runs Docker, but is not a Swarm manager. Run \`docker swarm init\` there before this node is created.`;
  return failure('NotReady', message);
}
