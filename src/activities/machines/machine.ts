import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext, RuntimePatch } from '../../contracts/operation.ts';
import { asWritten } from '../../contracts/sealed.ts';
import type { Operation, Tools } from '../operation.ts';
import { bootedMachine } from './machine-boot.ts';
import { ensureHostname } from './machine-hostname.ts';
import { declaredHostname, machineRequest } from './machine-request.ts';
import { machineRuntime, noMachineRuntime } from './machine-runtime.ts';
import { awaitUserdata } from './machine-userdata.ts';
import { machineName } from './names.ts';
import { claim, isOurs } from './ownership.ts';
import { machinesOf, providerNamed, recordedProvider, wantedProvider } from './provider-choice.ts';
import { ensureSshKey, sshKeyName } from './ssh-key.ts';
import { selfOf } from './subject.ts';
import { userdataOf } from './userdata.ts';

/** Makes the machine and powers it on; one whose description changed is made anew. Does not wait for its boot. */
export const createMachine: Operation = async (context, tools) => {
  const self = selfOf(context);
  return { runtimeProperties: await ensureMachine(context, self, tools) };
};

/** Waits until the machine answers SSH and its userdata has ended well. */
export const startMachine: Operation = async (context, tools) => {
  const self = selfOf(context);
  return { runtimeProperties: await awaitMachine(context, self, tools) };
};

/**
 * Brings back a machine that is still there: attaches it to its networks, lets its user in, powers it on, waits.
 * One that is gone fails for good, because what it held must be made again too: that is a reinstall.
 */
export const healMachine: Operation = async (context, tools) => {
  const self = selfOf(context);
  const name = machineName(context.deployment, self.id);
  const found = await machinesOf(self, tools.machines).describe(name, tools.signal);
  if (found === undefined) throw gone(name);
  const ensured = await ensureMachine(context, self, tools);
  const runtimeProperties = asWritten({ ...self.runtimeProperties, ...ensured });
  return {
    runtimeProperties: {
      ...ensured,
      ...(await awaitMachine(context, { ...self, runtimeProperties }, tools)),
    },
  };
};

/** Removes the machine with its disks, and its key. */
export const deleteMachine: Operation = async (context, tools) => {
  const self = selfOf(context);
  const name = machineName(context.deployment, self.id);
  const machines = machinesOf(self, tools.machines);
  const found = await machines.describe(name, tools.signal);
  if (found !== undefined && !isOurs(found, context, self, tools)) {
    tools.log(`machine ${name} is not ours and stays`);
    return { runtimeProperties: noMachineRuntime };
  }
  if (found !== undefined) {
    tools.heartbeat(`removing machine ${name}`);
    await machines.remove(name, tools.signal);
  }
  await tools.secrets.remove(sshKeyName(context.deployment, self.id));
  return { runtimeProperties: noMachineRuntime };
};

async function ensureMachine(
  context: OperationContext,
  self: InstanceView,
  tools: Tools,
): Promise<RuntimePatch> {
  const provider = wantedProvider(self, tools.machines);
  const machines = providerNamed(provider, self, tools.machines);
  await removeElsewhere(context, self, provider, tools);
  const found = await machines.describe(machineName(context.deployment, self.id), tools.signal);
  if (found !== undefined) claim('machine', found, context, self, tools);
  const publicKey = await ensureSshKey(tools.secrets, sshKeyName(context.deployment, self.id));
  const userdata = userdataOf(self);
  const given = { publicKey, userdata, usualImage: machines.usualImage };
  const request = machineRequest(context, self, given, tools);
  if (found?.fingerprint !== undefined && found.fingerprint !== request.fingerprint) {
    tools.log(`machine ${request.name} is not as described any more: it is made anew`);
    await machines.remove(request.name, tools.signal);
  }
  tools.heartbeat(`making machine ${request.name}`);
  const made = await machines.create(request, tools.signal);
  const adopted = claim('machine', made, context, self, tools);
  const running = made.running ? made : await machines.start(request.name, tools.signal);
  return { ...machineRuntime(context, self, running), provider, ...(adopted ? { adopted } : {}) };
}

/** A machine that another provider made before is in the way of the one that is wanted now. */
async function removeElsewhere(
  context: OperationContext,
  self: InstanceView,
  wanted: string,
  tools: Tools,
): Promise<void> {
  const before = recordedProvider(self);
  if (before === undefined || before === wanted) return;
  const name = machineName(context.deployment, self.id);
  const machines = providerNamed(before, self, tools.machines);
  const found = await machines.describe(name, tools.signal);
  if (found === undefined || !isOurs(found, context, self, tools)) return;
  tools.log(`machine ${name} is to come from ${wanted} instead of ${before}: it is made anew`);
  await machines.remove(name, tools.signal);
}

async function awaitMachine(
  context: OperationContext,
  self: InstanceView,
  tools: Tools,
): Promise<RuntimePatch> {
  const { connection, described } = await bootedMachine(context, self, tools);
  await awaitUserdata(machineName(context.deployment, self.id), connection, tools);
  await ensureHostname(declaredHostname(self), connection, tools);
  return described === undefined ? {} : machineRuntime(context, self, described);
}

function gone(name: string): Error {
  return failure('ProviderFailed', `machine ${name} is gone: it and what it held must be made anew`, {
    retryable: false,
    details: { machine: name },
  });
}
