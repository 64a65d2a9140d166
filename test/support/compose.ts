import { spawn, spawnSync } from 'node:child_process';
import { root } from './processes.ts';

export type Composed = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** Docker Compose, the plugin or Debian's. Nothing of this process's environment but what is needed reaches it. */
export function compose(
  files: readonly string[],
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Composed> {
  const [program, ...first] = composeCommand();
  const child = spawn(program, [...first, ...files.flatMap((file) => ['--file', file]), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...environment },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Composed>();
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  child.once('error', reject);
  child.once('close', (status) => resolve({ status, stdout, stderr }));
  return promise;
}

function composeCommand(): readonly [string, ...string[]] {
  const plugin = spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0;
  return plugin ? ['docker', 'compose'] : ['docker-compose'];
}
