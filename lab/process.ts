import { spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { isMissing, readJsonFile, writeJsonFile } from './state.ts';

/**
 * Who a process is. A number alone is reused after a crash or a reboot; with the moment of its start (in the kernel's
 * ticks since boot) and the boot, it is this one process or none.
 */
export const processIdentitySchema = z.object({
  pid: z.int().min(2),
  started: z.string().min(1),
  boot: z.string().min(1),
});
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

export type Daemon = {
  /** The lab's state folder. */
  readonly folder: string;
  /** Names the files `<name>.pid` and `<name>.log` in it. */
  readonly name: string;
};

export type DaemonCommand = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
};

/** Starts a process that outlives this one, with its output in the log file. Does nothing when it runs already. */
export async function startDaemon(daemon: Daemon, start: DaemonCommand): Promise<ProcessIdentity> {
  const running = await runningDaemon(daemon);
  if (running !== undefined) return running;
  await mkdir(daemon.folder, { recursive: true, mode: 0o700 });
  const log = await open(logFile(daemon), 'a', 0o600);
  try {
    const child = spawn(start.command, [...start.args], {
      cwd: start.cwd,
      env: start.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    const pid = await spawned(child);
    child.unref();
    const identity = await identify(pid);
    if (identity === undefined) throw new Error(`${daemon.name} ended at once. ${await tellLog(daemon)}`);
    await writeJsonFile(pidFile(daemon), identity);
    return identity;
  } finally {
    await log.close();
  }
}

/** The process of the pid file if it is still that process; a stale file is nobody. */
export async function runningDaemon(daemon: Daemon): Promise<ProcessIdentity | undefined> {
  const parsed = processIdentitySchema.safeParse(await readJsonFile(pidFile(daemon)));
  if (!parsed.success) return undefined;
  return (await isAlive(parsed.data)) ? parsed.data : undefined;
}

/** Asks it to end, and ends it after `patience` ms. True if there was something to stop. */
export async function stopDaemon(daemon: Daemon, patience = 15_000): Promise<boolean> {
  const identity = await runningDaemon(daemon);
  if (identity !== undefined) await endProcess(identity, patience);
  await rm(pidFile(daemon), { force: true });
  return identity !== undefined;
}

/** Who has this number now; `undefined` if nobody, or only a body that nobody has buried. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    const { state, started } = parseStat(stat);
    return (await isOver(pid, state)) ? undefined : { pid, started, boot: boot.trim() };
  } catch (error) {
    if (isMissing(error) || (error instanceof Error && 'code' in error && error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}

/** A process that was killed holds its files and ports until the last of its threads has ended. */
async function isOver(pid: number, state: string): Promise<boolean> {
  return ['Z', 'X'].includes(state) && (await readdir(`/proc/${pid}/task`)).length <= 1;
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now !== undefined && now.started === identity.started && now.boot === identity.boot;
}

/** The state and the start time of `/proc/<pid>/stat`; the command in its second field may hold spaces and brackets. */
export function parseStat(stat: string): { readonly state: string; readonly started: string } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', started: fields[19] ?? '' };
}

/** The end of the log, for an error's text. */
export async function tellLog(daemon: Daemon, lines = 30): Promise<string> {
  const text = await readFile(logFile(daemon), 'utf8').catch(() => '');
  const end = text.trimEnd().split('\n').slice(-lines).join('\n');
  return `Its log is ${logFile(daemon)}${end === '' ? ' (empty).' : ` and ends with:\n${end}`}`;
}

export function logFile(daemon: Daemon): string {
  return join(daemon.folder, `${daemon.name}.log`);
}

function pidFile(daemon: Daemon): string {
  return join(daemon.folder, `${daemon.name}.pid`);
}

async function endProcess(identity: ProcessIdentity, patience: number): Promise<void> {
  signal(identity.pid, 'SIGTERM');
  const deadline = Date.now() + patience;
  while (await isAlive(identity)) {
    if (Date.now() > deadline) {
      signal(identity.pid, 'SIGKILL');
      return;
    }
    await wait(50);
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function spawned(child: ReturnType<typeof spawn>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      if (child.pid === undefined) reject(new Error('The process has no number.'));
      else resolve(child.pid);
    });
  });
}
