import { join } from 'node:path';
import { findProgram } from '../packages.ts';
import type { Note } from '../report.ts';
import { buildOnce } from './cache.ts';
import { goBuildFlags, goLinkFlags, runGo } from './go.ts';
import { run } from './run.ts';

const version = '1.5.1';

/** The path of the program `temporal`: a fitting one of this machine, else one built for the cache. */
export async function ensureTemporal(note: Note): Promise<string> {
  const installed = await findProgram('temporal');
  if (installed !== undefined && isFitting(await run(installed, ['--version']).catch(() => '')))
    return installed;
  const folder = await buildOnce({ tool: 'temporal', version, takes: '5 minutes', build }, note);
  return join(folder, 'temporal');
}

/** Whether what `temporal --version` prints is the version that the lab was tried with, or a later one of the same major. */
export function isFitting(printed: string): boolean {
  const found = /version v?(\d+)\.(\d+)\.(\d+)/.exec(printed);
  if (found === null) return false;
  const [major = 0, minor = 0, patch = 0] = found.slice(1).map(Number);
  return major === 1 && (minor > 5 || (minor === 5 && patch >= 1));
}

function build(folder: string): Promise<void> {
  return runGo(
    ['install', ...goBuildFlags, goLinkFlags, `github.com/temporalio/cli/cmd/temporal@v${version}`],
    { env: { GOBIN: folder } },
  );
}
