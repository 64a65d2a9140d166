import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Daemon, isAlive, runningDaemon, startDaemon, stopDaemon, tellLog } from './process.ts';
import type { LabSettings } from './settings.ts';
import { withoutTemporalSettings } from './temporal-options.ts';

const program = fileURLToPath(new URL('../src/guard/main.ts', import.meta.url));

/** Before the Web UI, and before the HTTP API when it is asked for; one that is not asked for any more ends. */
export async function startGuards(
  folder: string,
  { ports, hidden }: LabSettings,
  asked: { readonly http: boolean },
): Promise<void> {
  const ui = ['--to', `http://${hidden.uiAddress}:${hidden.uiPort}`];
  const http = ['--to', `http://127.0.0.1:${hidden.httpPort}`, '--as', hidden.httpName, '--json'];
  await Promise.all([
    startGuard({ folder, name: 'guard-ui' }, ports.ui, ui),
    asked.http
      ? startGuard({ folder, name: 'guard-http' }, ports.http, http)
      : stopDaemon({ folder, name: 'guard-http' }),
  ]);
}

export async function stopGuards(folder: string): Promise<void> {
  await Promise.all(['guard-ui', 'guard-http'].map((name) => stopDaemon({ folder, name })));
}

/** Whether the HTTP API was asked for. */
export async function servesHttp(folder: string): Promise<boolean> {
  return (await runningDaemon({ folder, name: 'guard-http' })) !== undefined;
}

async function startGuard(daemon: Daemon, port: number, behind: readonly string[]): Promise<void> {
  if ((await runningDaemon(daemon)) !== undefined) return;
  const named = ['127.0.0.1', 'localhost'].flatMap((host) => ['--host', `${host}:${port}`]);
  const identity = await startDaemon(daemon, {
    command: process.execPath,
    args: [program, '--listen', `127.0.0.1:${port}`, ...named, ...behind],
    cwd: daemon.folder,
    env: withoutTemporalSettings(process.env),
  });
  while (!(await listens(port))) {
    if (!(await isAlive(identity))) {
      throw new Error(`The guard of port ${port} ended while it was starting. ${await tellLog(daemon)}`);
    }
    await wait(50);
  }
}

/** Whatever it answers. */
async function listens(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  );
}
