import { failure } from '../../contracts/failure.ts';
import { parseJson } from '../../contracts/json.ts';
import { lastWords } from '../bounded-answer.ts';
import { endpointName } from './endpoint.ts';
import type { SshConnection, SshEndpoint } from './pool.ts';
import { shellWord } from './shell.ts';

/** Program and request come by standard input: nothing of them is to be seen in a list of processes. */
const starter = `import json, sys
job = json.load(sys.stdin)
space = {"__name__": "program"}
exec(compile(job["program"], "program.py", "exec"), space)
space["main"](job)`;

/** Secrets that a script made are in it, and what it says of its instance. */
const answerLimit = 4 * 1024 * 1024;

const lacking = 69;
const command = `if [ ! -d /run/systemd/system ] || ! command -v systemd-run >/dev/null; then
  echo 'it does not run systemd' >&2; exit ${lacking}
fi
command -v python3 >/dev/null || { echo 'it has no python3' >&2; exit ${lacking}; }
exec python3 -I -S -c ${shellWord(starter)}`;

export type HostProgram = {
  /** Python, with a function `main` that is given the request and prints JSON. */
  readonly program: string;
  /** What it is for, as the end of a sentence: `run scripts`. */
  readonly purpose: string;
  /** Default: null, it may take as long as the signal lets it. */
  readonly timeoutMilliseconds?: number | null;
};

/**
 * Runs the program as root on a host, in one command, and gives the JSON that it printed; undefined: it printed
 * something else.
 */
export async function callProgram(
  connection: SshConnection,
  endpoint: SshEndpoint,
  { program, purpose, timeoutMilliseconds = null }: HostProgram,
  request: object,
  signal: AbortSignal,
): Promise<unknown> {
  const stdin = JSON.stringify({ program, ...request });
  const { status, stdout, stderr } = await connection.run(command, signal, {
    sudo: true,
    stdin,
    purpose,
    timeoutMilliseconds,
    outputLimit: answerLimit,
  });
  if (status === lacking) {
    throw failure(
      'OperationInputInvalid',
      `${endpointName(endpoint)} cannot ${purpose}: ${lastWords(stderr)}. A machine needs systemd and python3.`,
    );
  }
  if (status === 0) return parseJson(stdout);
  const why = lastWords(stderr) || `status ${status}`;
  throw failure('ScriptFailed', `${endpointName(endpoint)} could not ${purpose}: ${why}`);
}
