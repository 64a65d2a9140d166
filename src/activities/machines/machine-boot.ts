import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import { reasonOf } from '../../contracts/reason.ts';
import type { Tools } from '../operation.ts';
import type { SshConnection } from '../ssh/pool.ts';
import type { MachineAddress } from './machine-runtime.ts';
import { machineName } from './names.ts';
import { pause } from './pause.ts';
import type { MachineDescription, MachineProvider } from './provider.ts';
import { machinesOf } from './provider-choice.ts';
import { answers, codeOf, connectMachine, requireAddress } from './ssh-reach.ts';

// A slow provider has these longer.
const bootMilliseconds = 120_000;
/** How long a machine that is still booting may refuse logins. */
const loginMilliseconds = 20_000;
const aliveMilliseconds = 3_000;

const pollMilliseconds = 100;
/** How often the provider is asked about a machine that does not answer. */
const askMilliseconds = 2_000;
/** So often a machine is powered on, or seen to restart by itself, before nothing more is expected of it. */
const maxPowerOns = 3;

export type BootedMachine = {
  readonly connection: SshConnection;
  /** When the provider had to be asked. */
  readonly described: MachineDescription | undefined;
};

/**
 * Waits until the machine answers SSH with its own host key. The provider is asked only when the machine does
 * not answer (one that is off is powered on), or when its host key is not known yet.
 * Fails as NotReady after two minutes, or as many times longer as its provider may take, and as ProviderFailed
 * soon when it goes off again and again; both tell how its console ended.
 */
export async function bootedMachine(
  context: OperationContext,
  self: InstanceView,
  tools: Tools,
): Promise<BootedMachine> {
  const name = machineName(context.deployment, self.id);
  const address = requireAddress(self);
  const machines = machinesOf(self, tools.machines);
  const { slowness } = machines;
  const patience = bootMilliseconds * slowness;
  const began = Date.now();
  let described: MachineDescription | undefined;
  let asked = 0;
  let powerOns = 0;
  let restarts: number | undefined;
  let opened: number | undefined;
  let last = 'it does not answer';
  while (Date.now() - began < patience) {
    tools.signal.throwIfAborted();
    const open = await answers(address.host, address.port, 3 * pollMilliseconds);
    if (open) {
      opened ??= Date.now();
      const hostKey = address.hostKey || (described?.hostKey ?? '');
      if (hostKey === '') {
        described = await requireDescribed(name, machines, tools);
      } else {
        const limits = {
          bootedUntil: opened + loginMilliseconds * slowness,
          aliveMilliseconds: aliveMilliseconds * slowness,
        };
        const attempt = await tryLogin(context, self, { ...address, hostKey }, limits, tools);
        if (typeof attempt !== 'string') return { connection: attempt, described };
        last = attempt;
      }
    } else if (Date.now() - asked >= askMilliseconds) {
      asked = Date.now();
      const seen = await describeIfNeeded(name, address, machines, tools);
      restarts ??= seen?.restarts;
      if (seen !== undefined && seen.restarts - (restarts ?? 0) >= maxPowerOns) {
        throw await staysOff(name, machines, tools);
      }
      if (seen?.running === false) {
        powerOns += 1;
        if (powerOns > maxPowerOns) throw await staysOff(name, machines, tools);
        tools.log(`powering machine ${name} on`);
        described = await machines.start(name, tools.signal);
      }
    }
    tools.heartbeat(`machine ${name} boots: ${last}`);
    await pause(pollMilliseconds, tools.signal);
  }
  const ended = await consoleEnd(name, machines, tools);
  throw failure(
    'NotReady',
    `machine ${name} was not reached over SSH at ${address.host} in ${patience / 60_000} minutes: ${last}${ended}`,
    { details: { machine: name, address: address.host } },
  );
}

/** The connection, or why there is none yet. A machine refuses logins until it has booted. */
async function tryLogin(
  context: OperationContext,
  self: InstanceView,
  address: MachineAddress,
  limits: { readonly bootedUntil: number; readonly aliveMilliseconds: number },
  tools: Tools,
): Promise<SshConnection | string> {
  try {
    const connection = await connectMachine(context, self, address, tools);
    // A connection that was kept may be one from before a reboot.
    await connection.run('true', tools.signal, { timeoutMilliseconds: limits.aliveMilliseconds });
    return connection;
  } catch (error) {
    const code = codeOf(error);
    const booting = code === 'Unauthorized' && Date.now() < limits.bootedUntil;
    if (code === 'Unreachable' || code === 'NotReady' || booting) return reasonOf(error);
    throw error;
  }
}

/** A machine whose host key is known may come back without the provider's help: its silence is borne then. */
async function describeIfNeeded(
  name: string,
  address: MachineAddress,
  machines: MachineProvider,
  tools: Tools,
): Promise<MachineDescription | undefined> {
  try {
    return await requireDescribed(name, machines, tools);
  } catch (error) {
    if (address.hostKey !== '' && noProvider.includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** Nobody to be asked, or not by us. */
const noProvider: readonly string[] = ['ProviderUnavailable', 'Unauthorized'];

async function requireDescribed(
  name: string,
  machines: MachineProvider,
  tools: Tools,
): Promise<MachineDescription> {
  const machine = await machines.describe(name, tools.signal);
  if (machine !== undefined) return machine;
  throw failure('ProviderFailed', `machine ${name} is gone; heal the deployment, which makes it anew`, {
    retryable: false,
    details: { machine: name },
  });
}

async function staysOff(name: string, machines: MachineProvider, tools: Tools): Promise<Error> {
  const ended = await consoleEnd(name, machines, tools);
  return failure('ProviderFailed', `machine ${name} goes off again each time it is powered on${ended}`, {
    retryable: false,
    details: { machine: name },
  });
}

/** For the end of an error, which counts more than that the console cannot be read. */
async function consoleEnd(name: string, machines: MachineProvider, tools: Tools): Promise<string> {
  try {
    const lines = await machines.console(name, tools.signal);
    return lines === '' ? '' : `; its console ended:\n${lines}`;
  } catch (error) {
    tools.signal.throwIfAborted();
    return `; its console cannot be read: ${reasonOf(error)}`;
  }
}
