import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const script = fileURLToPath(new URL('peer_parser.py', import.meta.url));
const requirement = 'cloudify-common[dispatcher]==7.0.5';

/** Seconds that the peer needs for a file, in each round. */
export async function peerSeconds(file: string, rounds: number): Promise<readonly number[]> {
  const { stdout } = await run(await peerPython(), [script, String(rounds), file]);
  return z.array(z.number()).parse(JSON.parse(stdout));
}

/** Python with the peer's parser, in an environment of its own that is made once. */
async function peerPython(): Promise<string> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'braid', requirement);
  const python = join(folder, 'bin/python');
  const made = join(folder, 'made');
  try {
    await access(made);
  } catch {
    await run('python3', ['-m', 'venv', '--clear', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', requirement]);
    await run('touch', [made]);
  }
  return python;
}
