import { randomUUID } from 'node:crypto';
import { shellWord } from './shell.ts';

/** A command that can be found again on its host, with all that it started, to end it. */
export type MarkedCommand = {
  /** For sshd: whatever shell the user has. */
  readonly line: string;
  /** Ends the command: politely, after two seconds not. */
  readonly endLine: string;
};

/** The mark is in the environment, where only the user and root see it, and which children inherit. */
export function markCommand(command: string, sudo: boolean): MarkedCommand {
  const mark = `BRAID_COMMAND=${randomUUID()}`;
  const rights = sudo ? 'sudo -n ' : '';
  return {
    line: `exec ${rights}env ${mark} sh -c ${shellWord(command)}`,
    endLine: `exec ${rights}sh -c ${shellWord(ending(mark))}`,
  };
}

/** A process may be about to start when it is looked for: none is only believed when seen thrice. */
function ending(mark: string): string {
  return `found() { grep -slzxF ${mark} /proc/[0-9]*/environ | tr -dc '0-9\\n'; }
signal=TERM none=0 round=0
while [ $none -lt 3 ] && [ $round -lt 60 ]; do
  round=$((round + 1))
  [ $round -lt 40 ] || signal=KILL
  pids=$(found)
  if [ -z "$pids" ]; then none=$((none + 1)); else none=0; kill -$signal $pids 2>/dev/null; fi
  sleep 0.05
done`;
}
