import { findProgram } from '../packages.ts';
import { type RunOptions, run } from './run.ts';

/** Small and the same wherever it is built: no debug information, no paths, no C library. */
export const goBuildFlags = ['-trimpath', '-ldflags'] as const;
export const goLinkFlags = '-s -w';

/** Runs `go` for a static binary, and returns what it printed; says what to install when there is none. */
export async function runGo(args: readonly string[], options: RunOptions = {}): Promise<string> {
  const go = (await findProgram('go')) ?? (await findProgram('go', '/usr/local/go/bin'));
  if (go === undefined) {
    throw new Error(
      'Go is not installed, and the lab’s programs are built with it. Install Go 1.26 or later (https://go.dev/doc/install), then run this again.',
    );
  }
  return run(go, args, { ...options, env: { CGO_ENABLED: '0', ...options.env } });
}
