import { instanceView } from '../../support/operation.ts';
import { hostOf } from '../host.ts';
import type { Kind, Step } from '../kind.ts';
import type { ConformanceLab } from '../lab.ts';
import { fullFolder, sshFaults } from '../machine-faults.ts';

const destination = '10.200.7.0/24';
const unit = 'braid-route-10.200.7.0-24.service';
const file = `/etc/systemd/system/${unit}`;
const configure: Step = {
  operation: 'cloudify.interfaces.lifecycle.create',
  implementation: 'routes.route.configure',
};

/** A route of a machine: the kernel's, and a unit of systemd that sets it at each boot. */
export function routeKind(lab: () => ConformanceLab): Kind {
  const inside = (command: string): Promise<string> => lab().machine.inside(command);
  const neighbour = (number: number): string => lab().machine.endpoint.host.replace(/\d+$/, String(number));
  const faults = sshFaults(lab);
  const drift = (of: string, how: string, command: () => string, told: RegExp) => ({
    of,
    how,
    told,
    happen: async () => void (await inside(command())),
  });
  return {
    name: 'route',
    deployment: 'chain',
    worker: () => lab().worker,
    self: () =>
      instanceView({
        id: 'back_1',
        node: 'back',
        properties: { destination, via: neighbour(1) },
        host: hostOf(lab().machine),
      }),
    steps: {
      ensure: [configure],
      heal: [{ ...configure, operation: 'cloudify.interfaces.lifecycle.heal' }],
      remove: [{ operation: 'cloudify.interfaces.lifecycle.delete', implementation: 'routes.route.remove' }],
      check: {
        operation: 'cloudify.interfaces.validation.check_status',
        implementation: 'routes.route.check',
      },
    },
    settled: 'in every execution',
    record: () =>
      inside(`
        stat -c '%i %y' ${file} 2>/dev/null
        systemctl show --property=InvocationID,ActiveEnterTimestampMonotonic ${unit}
        ip -4 route show exact ${destination}`),
    declared: () =>
      inside(`cat ${file}; systemctl is-enabled ${unit}; ip -4 route show exact ${destination}`),
    census: async () => {
      const told = await inside(`
        ls ${file} 2>/dev/null
        ip -4 route show exact ${destination} | cut -d' ' -f1
        systemctl list-units --all --plain --no-legend ${unit} | cut -d' ' -f1`);
      return told.split('\n').filter((line) => line !== '');
    },
    drifts: [
      drift('destination', 'the kernel forgot it', () => `ip route del ${destination}`, /there is no route/),
      drift(
        'destination',
        'its unit is removed',
        () => `systemctl disable -q ${unit}; rm ${file}; systemctl daemon-reload`,
        /would not be there after a reboot/,
      ),
      drift(
        'via',
        'the kernel sends it elsewhere',
        () => `ip route replace ${destination} via ${neighbour(77)} proto static`,
        /goes via \S+\.77 instead of/,
      ),
      drift(
        'via',
        'the next boot would send it elsewhere',
        () => `sed -i 's/via [0-9.]*/via ${neighbour(77)}/' ${file}`,
        /would not be there after a reboot/,
      ),
      drift('via', 'its unit is disabled', () => `systemctl disable -q ${unit}`, /after a reboot/),
    ],
    foreign: {
      make: async () => void (await inside(`ip route add ${destination} via ${neighbour(78)}`)),
      elsewhere: { deployment: 'another', self: { id: 'other_1' } },
      before: {
        make: async (instance) => {
          await instance.ensure();
          await inside(`sed -i '/^# Installation/d' ${file}; systemctl daemon-reload`);
        },
        identity: () => inside(`systemctl show --property=InvocationID ${unit}`),
        told: async () => [(await inside(`sed -n 's/^# Installation: //p' ${file}`)).trim()],
        kept: ['here'],
      },
    },
    killed: { at: 'ssh' },
    cancelled: {
      during: 'systemd does not answer',
      before: async () => void (await inside(hangingReload)),
      waits: async () => void (await inside('until pgrep -xf "sleep 6171"; do sleep 0.05; done')),
      after: async () => void (await inside('rm /usr/local/sbin/systemctl')),
      // The unit's file, which is not in force before systemd has read it.
      leaves: () => [file],
    },
    faults: {
      unreachable: [faults.unreachable],
      unauthorised: [
        faults.unauthorised,
        {
          what: 'sudo asks for a password',
          strike: async () => void (await inside('mv /etc/sudoers.d/debian /root/debian')),
          mend: async () => void (await inside('mv /root/debian /etc/sudoers.d/debian')),
          told: { code: 'Unauthorized', retryable: false, message: /may not use sudo/, within: 5 },
        },
      ],
      'out of space': [
        {
          what: 'the file system of its unit is full',
          ...fullFolder(lab, '/etc/systemd/system'),
          told: {
            code: 'ScriptFailed',
            retryable: true,
            message: /braid-route\S+ could not be written on debian@.*No space left on device/s,
            within: 5,
          },
        },
      ],
      slow: [faults.slow],
    },
  };
}

/** Found before the real one by what runs as root. */
const hangingReload = `
  printf '#!/bin/sh\\ncase "$1" in daemon-reload) exec sleep 6171;; esac\\nexec /usr/bin/systemctl "$@"\\n' \\
    >/usr/local/sbin/systemctl
  chmod +x /usr/local/sbin/systemctl`;
