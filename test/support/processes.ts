import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export type Ran = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

/** A program of this repository that runs beside the test. */
export type Running = {
  readonly child: ChildProcess;
  /** Waits until its output holds the text; throws with the output when it ends before. */
  said(text: string): Promise<void>;
  /** The same for a pattern; gives all of its output so far. */
  heard(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ran>;
};

/** Starts a TypeScript file with nothing of the test's own Temporal or Braid settings in its environment. */
export function start(
  file: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  cwd: string = root,
  input: 'ignore' | 'pipe' = 'ignore',
): Running {
  return startProgram(process.execPath, [join(root, file), ...args], environment, cwd, input);
}

export function startProgram(
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  cwd: string = root,
  input: 'ignore' | 'pipe' = 'ignore',
): Running {
  const child = spawn(program, args, {
    cwd,
    env: { ...withoutSettings(process.env), ...environment },
    stdio: [input, 'pipe', 'pipe'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<Ran>();
  let [stdout, stderr] = ['', ''];
  let over = false;
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  child.stdout?.on('data', (data: Buffer) => {
    stdout += data.toString();
    tell();
  });
  child.stderr?.on('data', (data: Buffer) => {
    stderr += data.toString();
    tell();
  });
  child.once('error', reject);
  child.once('close', (status) => {
    over = true;
    tell();
    resolve({ status, stdout, stderr });
  });
  return {
    child,
    said: async (text) => void (await output((all) => all.includes(text), text)),
    heard: (pattern) => output((all) => pattern.test(all), pattern.source),
    ended: promise,
  };

  function output(holds: (all: string) => boolean, what: string): Promise<string> {
    const heard = Promise.withResolvers<string>();
    const listen = (): void => {
      const all = stdout + stderr;
      if (holds(all)) heard.resolve(all);
      else if (over) heard.reject(new Error(`It ended without saying “${what}”:\n${all}`));
    };
    listeners.add(listen);
    listen();
    return heard.promise.finally(() => listeners.delete(listen));
  }
}

/** The command `braid`, to its end. */
export function braid(args: readonly string[], environment: NodeJS.ProcessEnv, cwd?: string): Promise<Ran> {
  return start('src/cli/main.mjs', args, environment, cwd).ended;
}

function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(TEMPORAL|BRAID|VITEST|NODE_OPTIONS)/.test(name)),
  );
}
