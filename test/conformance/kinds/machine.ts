import { sshKeyName } from '../../../src/activities/machines/ssh-key.ts';
import { madeBy } from '../../../src/contracts/secret-names.ts';
import { connectedTarget, instance as view } from '../../activities/machines/support.ts';
import { runInside, startMachine } from '../../support/machine.ts';
import { beforeInstallations } from '../before-installations.ts';
import { engineFaults } from '../engine.ts';
import type { Fault, Kind, Step } from '../kind.ts';
import type { ConformanceLab } from '../lab.ts';

const create: Step = {
  operation: 'cloudify.interfaces.lifecycle.create',
  implementation: 'machines.machine.create',
};
const start: Step = {
  operation: 'cloudify.interfaces.lifecycle.start',
  implementation: 'machines.machine.start',
};

/** A machine: a container with systemd and sshd, made by the engine and then reached over SSH. */
export function machineKind(lab: () => ConformanceLab, deployment: string): Kind {
  const name = `${deployment}-host-abc123`;
  const key = sshKeyName(deployment, 'host_abc123');
  const container = () => lab().engine.docker.getContainer(name);
  const network = (): string => lab().network.network_id;
  const inside = (command: string): Promise<string> => runInside(container(), command);
  const faults = engineFaults(lab, create);
  return {
    name: 'machine',
    deployment,
    worker: () => lab().worker,
    self: () =>
      view(
        'host',
        { hostname: 'first', userdata: 'echo ran >>/var/lib/braid/ran\n' },
        { targets: [connectedTarget('port', ['cloudify.nodes.Port'], lab().network)] },
      ),
    steps: {
      ensure: [create, start],
      heal: [{ operation: 'cloudify.interfaces.lifecycle.heal', implementation: 'machines.machine.heal' }],
      remove: [
        { operation: 'cloudify.interfaces.lifecycle.delete', implementation: 'machines.machine.delete' },
      ],
      check: {
        operation: 'cloudify.interfaces.validation.check_status',
        implementation: 'machines.machine.check',
      },
    },
    settled: 'in every execution',
    record: async () => {
      const { Id, State, RestartCount } = await container().inspect();
      return {
        Id,
        State,
        RestartCount,
        ran: State.Running ? await inside('cat /var/lib/braid/ran || true') : '',
      };
    },
    declared: async () => {
      const { NetworkSettings, Config } = await container().inspect();
      return {
        address: NetworkSettings.Networks[network()]?.IPAddress,
        labels: Config.Labels,
        inside: await inside('hostname; cat /home/debian/.ssh/authorized_keys /var/lib/braid/ran'),
      };
    },
    census: async () => {
      const named = { all: true, filters: { name: [name] } };
      const containers = (await lab().engine.docker.listContainers(named)).flatMap(({ Names }) => Names);
      return [...containers, ...(await lab().worker.services.secrets.list(madeBy(deployment)))];
    },
    drifts: [
      {
        of: 'power',
        how: 'it is switched off',
        told: /is powered off/,
        happen: async () => void (await container().stop({ t: 5 })),
      },
      {
        of: 'port',
        how: 'it is detached from its network',
        told: /lacks|does not answer|answers at/,
        happen: async () =>
          void (await lab().engine.docker.getNetwork(network()).disconnect({ Container: name, Force: true })),
      },
      {
        of: 'hostname',
        how: 'it is given another one',
        told: /is called other instead of first/,
        happen: async () => void (await inside('hostname other')),
      },
      {
        of: 'ssh_user',
        how: 'its key is taken away',
        told: /refused the private key/,
        happen: async () =>
          void (await inside('rm /home/debian/.ssh/authorized_keys; pkill -KILL -f "^sshd: debian"')),
      },
    ],
    foreign: {
      make: async () => {
        // Whoever has a machine adopted gives its key to the secret store.
        const address = lab().network.subnet.replace(/0\/24$/, '77');
        const { endpoint } = await startMachine({ name, networks: [{ name: network(), address }] });
        await lab().worker.services.secrets.put(key, endpoint.privateKey);
      },
      elsewhere: { never: 'its name holds that of its deployment and its instance' },
      before: {
        make: async (instance) =>
          void (await instance.ensure({ services: beforeInstallations(lab().worker.services) })),
        identity: async () => {
          const { Id, State } = await container().inspect();
          return [Id, State.StartedAt];
        },
        told: async () => [(await container().inspect()).Config.Labels['io.braid.installation'] ?? ''],
        // An engine's labels stay as they were made.
        kept: [''],
      },
    },
    killed: { at: () => lab().engine.proxy, ensure: [create] },
    cancelled: {
      during: 'its userdata runs',
      change: { properties: { userdata: 'exec sleep 6191' } },
      waits: async () => {
        await untilRunning(lab, name);
        await inside('until pgrep -xf "sleep 6191"; do sleep 0.05; done');
        // The wait over SSH follows.
        await inside('until pgrep -f "braid/userdata.status"; do sleep 0.05; done');
      },
      leaves: () => [`/${name}`, key],
    },
    faults: {
      unreachable: [faults.unreachable],
      unauthorised: [faults.unauthorised],
      'out of space': [fullEngine(lab)],
      slow: [faults.slow],
    },
  };
}

/** There a machine is made and not waited for: its image has no sshd. */
function fullEngine(lab: () => ConformanceLab): Fault {
  return {
    what: 'the engine’s disk is full',
    strike: () => lab().engine.small.fill(),
    mend: () => lab().engine.small.empty(),
    run: (instance) =>
      instance.run([create], {
        properties: { image: 'small' },
        services: { ...lab().worker.services, machines: lab().engine.small.provider },
      }),
    told: {
      code: 'ProviderFailed',
      retryable: true,
      message: /could not create machine \S+: .*no space left on device/,
      within: 5,
    },
  };
}

async function untilRunning(lab: () => ConformanceLab, name: string): Promise<void> {
  for (;;) {
    const [found] = await lab().engine.docker.listContainers({ filters: { name: [name] } });
    if (found !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
