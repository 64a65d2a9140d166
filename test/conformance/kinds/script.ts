import { expect } from 'vitest';
import { instanceView } from '../../support/operation.ts';
import { hostOf } from '../host.ts';
import { type Instance, instanceOf } from '../instance.ts';
import type { Kind, Step } from '../kind.ts';
import type { ConformanceLab } from '../lab.ts';
import { fullFolder, sshFaults } from '../machine-faults.ts';

const made = '/home/debian/made';
const journal = '/home/debian/journal';
const start: Step = {
  operation: 'cloudify.interfaces.lifecycle.start',
  implementation: 'scripts.run',
  inputs: {
    script_source: `set -e\necho ran >>${journal}\necho "$greeting $* in $PWD" >${made}\nctx returns done`,
    greeting: 'hello',
    process: { args: ['one', 'two'], cwd: '/tmp' },
  },
};
const stop: Step = {
  operation: 'cloudify.interfaces.lifecycle.stop',
  implementation: 'scripts.run',
  inputs: { script_source: `rm -f ${made}` },
};
const units = `systemctl list-units --all --plain --no-legend 'braid-run-*' | cut -d' ' -f1`;
/** Systemd forgets a unit soon after its end. */
const ended = `timeout 10 sh -c "until [ -z \\"\\$(${units})\\" ]; do sleep 0.05; done"`;
const endless = 'trap "" TERM; setsid sleep 6161 & sleep 6162';

/** A script on a machine: what it makes is its own affair; that it runs once a step is Braid's. */
export function scriptKind(lab: () => ConformanceLab): Kind {
  const inside = (command: string): Promise<string> => lab().machine.inside(command);
  const faults = sshFaults(lab);
  const runs = async (): Promise<number> => Number(await inside(`cat ${journal} 2>/dev/null | wc -l`));
  const overwritten = (of: string, text: string) => ({
    of,
    how: 'what it made of it is overwritten; a script has no check',
    told: /never asked/,
    happen: async () => void (await inside(`echo '${text}' >${made}`)),
  });
  return {
    name: 'script',
    deployment: 'chain',
    worker: () => lab().worker,
    self: () => instanceView({ host: hostOf(lab().machine) }),
    steps: {
      ensure: [start],
      heal: [start],
      remove: [stop],
      check: {
        none: 'nobody but its author knows what it makes',
        instead: 'its exit status is what is told',
        holds: (instance) => tellsItsStatus(instance),
      },
    },
    settled: { forItsStep: 'another execution is to run it anew' },
    record: () => inside(`cat ${journal}; stat -c '%i %y' ${made}`),
    declared: () => inside(`cat ${made}`),
    census: async () => {
      const told = await inside(`
        ls ${made} 2>/dev/null
        ${ended} || ${units}
        pgrep -xf "sleep 616[12]"
        find /run/braid-runs /var/lib/braid-runs/*/files -type f 2>/dev/null
        true`);
      return told.split('\n').filter((line) => line !== '');
    },
    drifts: [
      overwritten('greeting', 'bye one two in /tmp'),
      overwritten('process.args', 'hello three in /tmp'),
      overwritten('process.cwd', 'hello one two in /'),
    ],
    foreign: {
      none: 'it has no name at the system',
      instead: 'that of another deployment runs beside it, each once',
      holds: async (instance) => {
        const before = await runs();
        const other = instanceOf(instance.kind);
        instance.again();
        await Promise.all([instance.ensure(), other.ensure({ deployment: 'another' })]);
        await Promise.all([instance.ensure(), other.ensure({ deployment: 'another' })]);
        expect(await runs()).toBe(before + 2);
      },
    },
    killed: { at: 'ssh', effects: runs },
    cancelled: {
      during: 'it runs and does not listen',
      change: { inputs: { script_source: endless } },
      waits: async () =>
        void (await inside('until pgrep -xf "sleep 6161" && pgrep -xf "sleep 6162"; do sleep 0.05; done')),
      leaves: () => [],
    },
    faults: {
      unreachable: [faults.unreachable],
      unauthorised: [faults.unauthorised],
      'out of space': [
        {
          what: 'the file system of its runs is full',
          ...fullFolder(lab, '/var/lib/braid-runs'),
          told: {
            code: 'ScriptFailed',
            retryable: true,
            message: /debian@\S+ could not run scripts: .*No space left on device/s,
            within: 5,
          },
        },
      ],
      slow: [faults.slow],
    },
  };
}

async function tellsItsStatus(instance: Instance): Promise<void> {
  instance.again();
  await expect(instance.ensure({ inputs: { script_source: 'exit 3' } })).rejects.toMatchObject({
    type: 'ScriptFailed',
    message: expect.stringContaining('status 3'),
  });
}
