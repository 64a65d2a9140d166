import { instance as view } from '../../activities/machines/support.ts';
import { beforeInstallations } from '../before-installations.ts';
import { engineFaults } from '../engine.ts';
import type { Kind, Step } from '../kind.ts';
import type { ConformanceLab } from '../lab.ts';

const create: Step = {
  operation: 'cloudify.interfaces.lifecycle.create',
  implementation: 'machines.network.create',
};

/** A network at the provider of machines: a bridge of the Docker engine. */
export function networkKind(lab: () => ConformanceLab, deployment: string): Kind {
  const name = `${deployment}-extra-net`;
  const find = async () => (await lab().engine.docker.listNetworks({ filters: { name: [name] } }))[0];
  const byHand = (Subnet: string, Labels: Readonly<Record<string, string>> = {}) =>
    lab().engine.docker.createNetwork({
      Name: name,
      Labels,
      IPAM: { Driver: 'default', Config: [{ Subnet }] },
    });
  const faults = engineFaults(lab, create);
  return {
    name: 'network',
    deployment,
    worker: () => lab().worker,
    self: () => view('extra-net', { subnet: lab().subnet }),
    steps: {
      ensure: [create],
      heal: [{ ...create, operation: 'cloudify.interfaces.lifecycle.heal' }],
      remove: [
        { operation: 'cloudify.interfaces.lifecycle.delete', implementation: 'machines.network.delete' },
      ],
      check: {
        operation: 'cloudify.interfaces.validation.check_status',
        implementation: 'machines.network.check',
      },
    },
    settled: 'in every execution',
    record: find,
    declared: async () => (await find())?.IPAM?.Config?.map(({ Subnet }) => Subnet),
    census: async () => {
      const networks = await lab().engine.docker.listNetworks({ filters: { name: [name] } });
      return networks.map(({ Name }) => Name);
    },
    drifts: [
      {
        of: 'name',
        how: 'it is removed',
        told: /is absent/,
        happen: async () => void (await lab().engine.docker.getNetwork(name).remove()),
      },
      {
        of: 'subnet',
        how: 'it is made anew with another one',
        told: /has subnet \S+ instead of/,
        happen: async () => {
          const labels = (await find())?.Labels ?? {};
          await lab().engine.docker.getNetwork(name).remove();
          await byHand(lab().subnet.replace(/0\/24$/, '128/25'), labels);
        },
      },
    ],
    foreign: {
      make: async () => void (await byHand(lab().subnet)),
      // `a-b` with the node `c` has the name of `a` with the node `b-c`.
      elsewhere: { deployment: `${deployment}-extra`, self: { node: 'net', id: 'net_1' } },
      before: {
        make: async (instance) =>
          void (await instance.ensure({ services: beforeInstallations(lab().worker.services) })),
        identity: async () => (await find())?.Id,
        told: async () => [(await find())?.Labels?.['io.braid.installation'] ?? ''],
        // An engine's labels stay as they were made.
        kept: [''],
      },
    },
    killed: { at: () => lab().engine.proxy },
    cancelled: {
      during: 'the engine says nothing',
      before: () => Promise.resolve(lab().engine.proxy.silence()),
      waits: () => new Promise((resolve) => setTimeout(resolve, 500)),
      after: () => Promise.resolve(lab().engine.proxy.speak()),
      leaves: () => [],
    },
    faults: {
      unreachable: [faults.unreachable],
      unauthorised: [faults.unauthorised],
      'out of space': [
        {
          what: 'the engine’s disk is full',
          strike: () => lab().engine.small.fill(),
          mend: () => lab().engine.small.empty(),
          run: (instance) =>
            instance.ensure({
              services: { ...lab().worker.services, machines: lab().engine.small.provider },
            }),
          told: {
            code: 'ProviderFailed',
            retryable: true,
            message: /could not create network \S+: .*no space left on device/,
            within: 5,
          },
        },
      ],
      slow: [faults.slow],
    },
  };
}
