import { spawn } from 'node:child_process';

export type RunOptions = {
  readonly cwd?: string;
  /** Added to this process's own. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs a program, without a shell, and returns what it wrote to its standard output. The error holds the end of the rest. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    let errors = '';
    child.stdout.on('data', (data: Buffer) => output.push(data));
    child.stderr.on('data', (data: Buffer) => {
      errors = (errors + data.toString()).slice(-4000);
    });
    child.once('error', (cause) =>
      reject(new Error(`“${program}” cannot be run: ${cause.message}`, { cause })),
    );
    child.once('close', (status, signal) => {
      if (status === 0) resolve(Buffer.concat(output).toString());
      else
        reject(
          new Error(
            `\`${[program, ...args].join(' ')}\` ended with ${status ?? signal}:\n${errors.trimEnd()}`,
          ),
        );
    });
  });
}
