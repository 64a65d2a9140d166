import type { Fault, FaultName } from './kind.ts';
import type { ConformanceLab } from './lab.ts';

const sessions = 'pkill -KILL -f "^sshd: debian" || true';
const key = '/home/debian/.ssh/authorized_keys';

/** What can happen to the way to a machine, for every kind that is worked on over SSH. */
export function sshFaults(
  lab: () => ConformanceLab,
): Readonly<Record<Exclude<FaultName, 'out of space'>, Fault>> {
  const inside = async (command: string): Promise<void> => void (await lab().machine.inside(command));
  return {
    unreachable: {
      what: 'sshd is stopped',
      strike: () => inside(`systemctl stop ssh; ${sessions}`),
      mend: () => inside('systemctl start ssh'),
      told: { code: 'Unreachable', retryable: true, message: /debian@\S+ does not answer/, within: 5 },
    },
    unauthorised: {
      what: 'the key is not accepted any more',
      strike: () => inside(`mv ${key} ${key}.aside; ${sessions}`),
      mend: () => inside(`mv ${key}.aside ${key}`),
      told: {
        code: 'Unauthorized',
        retryable: false,
        message: /debian@\S+ refused the private key/,
        within: 5,
      },
    },
    slow: {
      what: 'sshd says nothing',
      strike: () => inside(`pkill -STOP -x sshd; ${sessions}`),
      mend: () => inside('pkill -CONT -x sshd'),
      hasty: () => lab().worker.hasty,
      told: { code: 'Unreachable', retryable: true, message: /debian@\S+ does not answer/, within: 6 },
    },
  };
}

/** The machine's root file system is large; a folder of it is made a small one of its own, and filled. */
export function fullFolder(lab: () => ConformanceLab, folder: string): Pick<Fault, 'strike' | 'mend'> {
  return {
    strike: async () => {
      await lab().machine.inside(`
        set -e
        mkdir -p ${folder} /run/kept && cp -a ${folder}/. /run/kept
        mount -t tmpfs -o size=256k,mode=755 tmpfs ${folder}
        cp -a /run/kept/. ${folder} && rm -rf /run/kept
        dd if=/dev/zero of=${folder}/filler bs=4k 2>/dev/null || true
      `);
    },
    mend: async () => void (await lab().machine.inside(`umount ${folder}`)),
  };
}
