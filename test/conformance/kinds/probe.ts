import { expect } from 'vitest';
import { instanceView } from '../../support/operation.ts';
import { hostOf } from '../host.ts';
import type { Fault, Kind, Step } from '../kind.ts';
import type { ConformanceLab } from '../lab.ts';
import { fullFolder, sshFaults } from '../machine-faults.ts';
import { type Mood, well } from '../site.ts';

const verify: Step = {
  operation: 'cloudify.interfaces.lifecycle.start',
  implementation: 'traffic.probe.verify',
};
/** A probe that asks from a machine, of a site that a test can make ill. It changes nothing anywhere. */
export function probeKind(lab: () => ConformanceLab): Kind {
  const inside = (command: string): Promise<string> => lab().machine.inside(command);
  const faults = sshFaults(lab);
  const become = (mood: Mood): Promise<void> => Promise.resolve(lab().site.become(mood));
  const ill = (what: string, mood: Mood, message: RegExp): Fault => ({
    what,
    strike: () => become(mood),
    mend: () => become(well),
    told: { code: 'TrafficUnexpected', retryable: false, message, within: 12 },
  });
  return {
    name: 'probe',
    deployment: 'chain',
    worker: () => lab().worker,
    self: () =>
      instanceView({
        id: 'probe_1',
        node: 'probe',
        properties: {
          url: `http://${hostAddress(lab().machine)}:${lab().site.port}/`,
          requests: 2,
          expect_bodies: ['It works'],
          within: 3,
          timeout: 0.5,
        },
        host: hostOf(lab().machine),
      }),
    steps: {
      ensure: [verify],
      heal: [verify],
      remove: {
        none: 'it makes nothing',
        instead: 'nothing of it stays on its machine',
        holds: async (instance) => {
          await instance.ensure();
          expect(await instance.kind.census()).toEqual([]);
        },
      },
      check: {
        operation: 'cloudify.interfaces.validation.check_status',
        implementation: 'traffic.probe.check',
      },
    },
    settled: 'in every execution',
    lasting: (noted) =>
      JSON.parse(JSON.stringify(noted).replaceAll(/"milliseconds":\d+/g, '"milliseconds":0')),
    record: () =>
      inside('find / -xdev -newer /etc/machine-id -type f -path "/home/*" -o -path "/tmp/*" | sort'),
    declared: () => Promise.resolve(lab().site.mood()),
    census: async () => {
      const told = await inside('pgrep -xl curl || true');
      return told.split('\n').filter((line) => line !== '');
    },
    drifts: {
      none: 'it only looks',
      instead: 'what it looks at is told when it changes, by the check too',
      holds: async (instance) => {
        lab().site.become({ status: 200, page: 'Somebody else' });
        try {
          expect(await instance.check()).toMatchObject({
            healthy: false,
            reason: expect.stringContaining('Somebody else'),
          });
          await expect(instance.ensure()).rejects.toMatchObject({ type: 'TrafficUnexpected' });
        } finally {
          lab().site.become(well);
        }
        await instance.ensure();
      },
    },
    foreign: {
      none: 'it has no name at the system',
      instead: 'two of the same name ask side by side',
      holds: async (instance) => {
        await Promise.all([instance.ensure(), instance.ensure({ deployment: 'another' })]);
      },
    },
    killed: { at: 'ssh' },
    cancelled: {
      during: 'no answer comes',
      change: { properties: { timeout: 60, within: 60 } },
      before: () => become('silent'),
      waits: async () => {
        const line = await inside('until pgrep -x curl >/dev/null; do sleep 0.05; done; ps -o args= -C curl');
        expect(line).toMatch(/^curl (?!.*http:)/);
      },
      after: () => become(well),
      leaves: () => [],
    },
    faults: {
      unreachable: [
        faults.unreachable,
        {
          what: 'nothing listens at its URL',
          strike: () => lab().site.close(),
          mend: () => lab().site.open(),
          told: { code: 'TrafficUnexpected', retryable: false, message: /curl: \(7\)/, within: 12 },
        },
      ],
      unauthorised: [
        faults.unauthorised,
        ill('the site wants credentials', { status: 401, page: 'Who are you?' }, /HTTP 401 "Who are you\?"/),
      ],
      'out of space': [
        ill('the site has no room', { status: 507, page: 'Insufficient Storage' }, /HTTP 507/),
        {
          what: 'the file system of its machine is full',
          ...fullFolder(lab, '/tmp'),
          told: { bears: 'curl writes no file' },
        },
      ],
      slow: [faults.slow, ill('the site answers later than a request may take', 'silent', /curl: \(28\)/)],
    },
  };
}

/** The machine's own gateway is the host that this test runs on. */
function hostAddress({ endpoint }: ConformanceLab['machine']): string {
  return endpoint.host.replace(/\d+$/, '1');
}
