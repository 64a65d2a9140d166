import { createHash } from 'node:crypto';
import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import { ownerFor } from './ownership.ts';
import { dnsLabel, machineName } from './names.ts';
import type { Attachment, MachineRequest } from './provider.ts';
import { connectedTo, textOf } from './subject.ts';

/** What the provider is asked for, from the node's properties and its ports. */
export function machineRequest(
  context: OperationContext,
  self: InstanceView,
  given: { readonly publicKey: string; readonly userdata: string; readonly usualImage: string },
  tools: Pick<Tools, 'installation'>,
): MachineRequest {
  const name = machineName(context.deployment, self.id);
  const wanted = {
    name,
    hostname: declaredHostname(self) || name,
    image: textOf(self.properties, 'image', self.id) || given.usualImage,
    userdata: given.userdata,
    user: sshUser(self),
    publicKey: given.publicKey,
    attachments: attachmentsOf(self),
    cpus: amountOf(self, 'cpus'),
    memory: amountOf(self, 'memory'),
    owner: { deployment: context.deployment, instance: self.id },
  };
  // Without the installation: it would be another for every machine that was made before it was told.
  const fingerprint = createHash('sha256').update(JSON.stringify(wanted)).digest('hex');
  return { ...wanted, owner: ownerFor(context, self, tools), fingerprint };
}

/** What the machine is to call itself. Empty: what its provider calls it. */
export function declaredHostname(self: InstanceView): string {
  return dnsLabel(textOf(self.properties, 'hostname', self.id));
}

export function sshUser(self: InstanceView): string {
  return textOf(self.properties, 'ssh_user', self.id) || 'debian';
}

/** The names of the nodes of the machine's ports, in the order of its interfaces. */
export function portNodes(self: InstanceView): readonly string[] {
  return connectedTo(self, 'cloudify.nodes.Port').map((port) => port.node);
}

function attachmentsOf(self: InstanceView): readonly Attachment[] {
  const attachments = connectedTo(self, 'cloudify.nodes.Port').map((port) => {
    const address = textOf(port.runtimeProperties, 'fixed_ip', port.id);
    return {
      network: textOf(port.runtimeProperties, 'network_id', port.id),
      address: address === '' ? undefined : address,
    };
  });
  if (attachments.length === 0) throw invalid(self, 'must be connected to at least one port');
  if (attachments.some(({ network }) => network === '')) {
    throw invalid(self, 'is connected to a port that is in no network yet');
  }
  if (new Set(attachments.map(({ network }) => network)).size < attachments.length) {
    throw invalid(self, 'has two ports in the same network');
  }
  return attachments;
}

/** A number above zero, or undefined for zero: what the provider gives. */
function amountOf(self: InstanceView, property: string): number | undefined {
  const amount = self.properties[property] ?? 0;
  if (typeof amount === 'number' && Number.isInteger(amount) && amount >= 0) return amount || undefined;
  throw invalid(self, `has ${property} ${JSON.stringify(amount)}; it must be a whole number, 0 or more`);
}

function invalid(self: InstanceView, what: string): Error {
  return failure('OperationInputInvalid', `machine ${self.id} ${what}`, { details: { instance: self.id } });
}
