import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

export type CommandOptions = {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** When it aborts, the command and all that it started are ended. */
  readonly signal: AbortSignal;
};

/**
 * Runs a command with this terminal's output; gives its exit status. It gets a process group of its own, so that a
 * terminal's Ctrl-C reaches only us, and we end it as a whole.
 */
export async function runCommand(command: readonly string[], options: CommandOptions): Promise<number> {
  const [program = '', ...args] = command;
  options.signal.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) =>
      resolve(signal === null ? (status ?? 1) : 128 + constants.signals[signal]),
    );
  });
  const end = () => void endGroup(child.pid, ended);
  options.signal.addEventListener('abort', end, { once: true });
  try {
    return await ended;
  } finally {
    options.signal.removeEventListener('abort', end);
  }
}

/** Asks the group to end, and ends it after ten seconds. */
async function endGroup(pid: number | undefined, ended: Promise<unknown>): Promise<void> {
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  await Promise.race([ended.catch(() => undefined), wait(10_000, undefined, { ref: false })]);
  signalGroup(pid, 'SIGKILL');
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
