import type { InstanceView, OperationContext, OperationResult } from '../../contracts/operation.ts';
import { reasonOf } from '../../contracts/reason.ts';
import { healthy, unhealthy } from '../health.ts';
import type { Operation, Tools } from '../operation.ts';
import { expectedInterfaces, type MachineAddress, machineAddress } from './machine-runtime.ts';
import { declaredHostname } from './machine-request.ts';
import { machineName } from './names.ts';
import { isOurs, whose } from './ownership.ts';
import { machinesOf } from './provider-choice.ts';
import { answers, connectMachine } from './ssh-reach.ts';
import { selfOf } from './subject.ts';

/** What a slow provider has longer. */
const answerMilliseconds = 5_000;
/** Characters of what a machine says that it is called. */
const longestName = 253;
/** After this long without an answer the provider is asked whether there is anything to wait for. */
const quickMilliseconds = 500;

/** Looks whether the machine answers SSH and has its addresses; the provider tells why one that does not. */
export const checkMachine: Operation = async (context, tools) => {
  const self = selfOf(context);
  const name = machineName(context.deployment, self.id);
  const address = machineAddress(self.runtimeProperties);
  if (address === undefined || address.hostKey === '') {
    return unhealthy(
      (await whyAbsent(context, self, name, tools))?.reason ?? `machine ${name} was not made completely`,
    );
  }
  if (!(await answers(address.host, address.port, quickMilliseconds))) {
    const absent = await whyAbsent(context, self, name, tools);
    if (absent?.certain === true) return unhealthy(absent.reason);
  }
  const seen = await seenOrReason(context, self, address, tools);
  if (typeof seen !== 'string') return checkSeen(context, self, address, seen);
  return unhealthy(
    (await whyAbsent(context, self, name, tools))?.reason ?? `machine ${name} runs, but: ${seen}`,
  );
};

/** What the machine tells of itself. */
type Seen = { readonly hostname: string; readonly addresses: ReadonlySet<string> };

/** What the machine tells over SSH, or why it does not. */
async function seenOrReason(
  context: OperationContext,
  self: InstanceView,
  address: MachineAddress,
  tools: Tools,
): Promise<Seen | string> {
  const milliseconds = answerMilliseconds * machinesOf(self, tools.machines).slowness;
  if (!(await answers(address.host, address.port, milliseconds))) {
    tools.signal.throwIfAborted();
    return `nothing answers at ${address.host} port ${address.port} (SSH)`;
  }
  try {
    const connection = await connectMachine(context, self, address, tools);
    const limit = { timeoutMilliseconds: milliseconds, purpose: 'tell its name and addresses' };
    const { stdout } = await connection.run('hostname; ip -o -4 addr show', tools.signal, limit);
    const hostname = stdout.slice(0, longestName).split('\n')[0] ?? '';
    const addresses = new Set([...stdout.matchAll(/ inet ([0-9.]+)/g)].map((match) => match[1] ?? ''));
    return { hostname, addresses };
  } catch (error) {
    tools.signal.throwIfAborted();
    return reasonOf(error);
  }
}

function checkSeen(
  context: OperationContext,
  self: InstanceView,
  address: MachineAddress,
  { hostname, addresses }: Seen,
): OperationResult {
  const name = machineName(context.deployment, self.id);
  const wanted = declaredHostname(self);
  if (wanted !== '' && hostname !== wanted)
    return unhealthy(`machine ${name} is called ${hostname} instead of ${wanted}`);
  const lacking = expectedInterfaces(self.runtimeProperties).filter((one) => !addresses.has(one.address));
  if (lacking.length === 0) return healthy({ name, ip: address.host });
  const list = lacking.map((one) => `${one.address} in network ${one.network}`).join(', ');
  return unhealthy(`machine ${name} lacks ${list}`, { lacking });
}

type Absence = {
  readonly reason: string;
  /** Whether the provider said so, and there is nothing to wait for. */
  readonly certain: boolean;
};

function certainly(reason: string): Absence {
  return { reason, certain: true };
}

/** What the provider says of a machine that does not answer; undefined when it runs, as far as it knows. */
async function whyAbsent(
  context: OperationContext,
  self: InstanceView,
  name: string,
  tools: Tools,
): Promise<Absence | undefined> {
  try {
    const machine = await machinesOf(self, tools.machines).describe(name, tools.signal);
    if (machine === undefined) return certainly(`machine ${name} is absent`);
    if (!isOurs(machine, context, self, tools))
      return certainly(`machine ${name} is not ours: it ${whose(machine, tools)}`);
    return machine.running ? undefined : certainly(`machine ${name} is powered off`);
  } catch (error) {
    tools.signal.throwIfAborted();
    return {
      reason: `machine ${name} does not answer over SSH; ${reasonOf(error)}`,
      certain: false,
    };
  }
}
