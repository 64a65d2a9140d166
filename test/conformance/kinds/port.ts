import type Docker from 'dockerode';
import { expect } from 'vitest';
import { connectedTarget, contextOf, instance as view } from '../../activities/machines/support.ts';
import { engineFaults } from '../engine.ts';
import type { Instance } from '../instance.ts';
import type { Kind, Step } from '../kind.ts';
import type { ConformanceLab } from '../lab.ts';

const create: Step = {
  operation: 'cloudify.interfaces.lifecycle.create',
  implementation: 'machines.port.create',
};
const taken: Step = {
  operation: 'cloudify.interfaces.lifecycle.create',
  implementation: 'machines.machine.create',
};
const untaken: Step = {
  operation: 'cloudify.interfaces.lifecycle.delete',
  implementation: 'machines.machine.delete',
};
const check: Step = {
  operation: 'cloudify.interfaces.validation.check_status',
  implementation: 'machines.port.check',
};

/** A place in a network: nothing at the provider before a machine takes it, and then an address of that. */
export function portKind(lab: () => ConformanceLab, deployment: string): Kind {
  const faults = engineFaults(lab, check);
  const address = (host: number): string => lab().network.subnet.replace(/0\/24$/, String(host));
  const networkName = (): string => lab().network.network_id;
  const container = (): Docker.Container => lab().engine.docker.getContainer(`${deployment}-taker-abc123`);
  const liveAddress = async () =>
    (await container().inspect()).NetworkSettings.Networks[networkName()]?.IPAMConfig?.IPv4Address;
  const asked = (fault: typeof faults.slow): typeof faults.slow => ({ ...fault, to: 'one that is there' });
  return {
    name: 'port',
    deployment,
    worker: () => lab().worker,
    self: () =>
      view(
        'port',
        { fixed_ip: address(21) },
        { targets: [connectedTarget('net', ['cloudify.nodes.Network'], lab().network)] },
      ),
    steps: {
      ensure: [create],
      heal: [{ ...create, operation: 'cloudify.interfaces.lifecycle.heal' }],
      remove: [{ operation: 'cloudify.interfaces.lifecycle.delete', implementation: 'machines.port.delete' }],
      check,
    },
    settled: 'in every execution',
    record: () => lab().engine.docker.getNetwork(networkName()).inspect(),
    declared: () => liveAddress(),
    census: () => Promise.resolve([]),
    drifts: {
      none: 'it is nothing at the provider',
      instead: 'an address that its machine lost is put back by what ensures the machine',
      holds: async (instance) => {
        await instance.ensure();
        const change = taker(instance);
        const place = lab().engine.docker.getNetwork(networkName());
        try {
          await instance.run([taken], change);
          expect(await liveAddress()).toBe(address(21));
          await place.disconnect({ Container: container().id, Force: true });
          await place.connect({
            Container: container().id,
            EndpointConfig: { IPAMConfig: { IPv4Address: address(22) } },
          });
          await instance.run([taken], change);
          expect(await liveAddress()).toBe(address(21));
        } finally {
          await instance.run([untaken], change);
        }
      },
    },
    foreign: {
      none: 'it has no name at the provider',
      instead: 'an address that someone else has is told by the machine, which takes it when it is free',
      holds: async (instance) => {
        await instance.ensure();
        const change = taker(instance);
        const stranger = await lab().engine.docker.createContainer({
          name: `${deployment}-stranger`,
          Image: 'braid/machine',
          Entrypoint: ['sleep', '600'],
          HostConfig: { NetworkMode: networkName() },
          NetworkingConfig: {
            EndpointsConfig: { [networkName()]: { IPAMConfig: { IPv4Address: address(21) } } },
          },
        });
        await stranger.start();
        try {
          await expect(instance.run([taken], change)).rejects.toMatchObject({
            type: 'ProviderFailed',
            message: expect.stringContaining('in use by another machine'),
          });
          await stranger.remove({ force: true, v: true });
          await instance.run([taken], change);
          expect(await liveAddress()).toBe(address(21));
        } finally {
          await instance.run([untaken], change);
        }
      },
    },
    killed: {
      none: 'it changes nothing',
      instead: 'whoever runs it again notes the same',
      holds: async (instance) => {
        const context = contextOf(deployment, instance.kind.self());
        expect(context.idempotencyKey).not.toBe('');
        expect(await instance.ensure()).toEqual(await instance.ensure());
      },
    },
    cancelled: {
      none: 'it waits for nobody',
      instead: 'it is done although its provider says nothing',
      holds: async (instance) => {
        lab().engine.proxy.silence();
        const began = Date.now();
        try {
          await instance.remove();
          await instance.ensure();
        } finally {
          lab().engine.proxy.speak();
        }
        expect(Date.now() - began).toBeLessThan(1_000);
      },
    },
    faults: {
      unreachable: [
        { ...faults.unreachable, told: { bears: 'nothing is asked of the provider' } },
        { ...asked(faults.unreachable), what: 'no engine listens to its check', run: checked() },
      ],
      unauthorised: [asked(faults.unauthorised)],
      'out of space': [
        {
          what: 'the engine’s disk is full',
          strike: () => lab().engine.small.fill(),
          mend: () => lab().engine.small.empty(),
          run: (instance) =>
            instance.ensure({
              services: { ...lab().worker.services, machines: lab().engine.small.provider },
            }),
          told: { bears: 'nothing is asked of the provider' },
        },
      ],
      slow: [{ ...asked(faults.slow), run: checked(() => lab().worker.hasty) }],
    },
  };
}

/** The machine that takes the port; it is not waited for. */
function taker({ noted }: Instance) {
  return {
    self: view('taker', {}, { targets: [connectedTarget('port', ['cloudify.nodes.Port'], noted())] }),
  };
}

/** The check is what asks the provider. */
function checked(services?: () => ConformanceLab['worker']['services']) {
  return (instance: Instance): Promise<unknown> =>
    instance.check(services === undefined ? {} : { services: services() });
}
