import { access } from 'node:fs/promises';
import { findProgram, type InstallOptions } from '../packages.ts';
import { type Daemon, startDaemon } from '../process.ts';
import { run } from '../toolchain/run.ts';

/** Starts the installed engine: by systemd where that runs, else as a process of its own, which only root can. */
export async function startEngine(daemon: Daemon, { yes, note }: InstallOptions): Promise<Started> {
  const root = process.getuid?.() === 0;
  const command = (await isSystemd()) ? ['systemctl', 'start', 'docker'] : undefined;
  if (command === undefined && root) {
    note('starting dockerd');
    await startDockerd(daemon);
    return 'ours';
  }
  if (command !== undefined && (root || yes)) {
    const [program = '', ...args] = root ? command : ['sudo', ...command];
    note(`starting the engine: ${[program, ...args].join(' ')}`);
    await run(program, args);
    return 'by systemd';
  }
  const typed = command === undefined ? 'sudo dockerd &' : `sudo ${command.join(' ')}`;
  throw new Error(
    `The Docker engine does not run, and starting it needs root. Type: ${typed}\nthen run this again.`,
  );
}

export type Started = 'ours' | 'by systemd';

async function startDockerd(daemon: Daemon): Promise<void> {
  const dockerd = await findProgram('dockerd');
  if (dockerd === undefined) throw new Error('The Docker engine (dockerd) is not installed.');
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  await startDaemon(daemon, { command: dockerd, args: [], cwd: '/', env: { ...process.env, PATH: path } });
}

function isSystemd(): Promise<boolean> {
  return access('/run/systemd/system').then(
    () => true,
    () => false,
  );
}
