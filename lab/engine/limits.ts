import { readFile, writeFile } from 'node:fs/promises';
import type { Note } from '../report.ts';

const file = '/proc/sys/fs/inotify/max_user_instances';
/** A machine with Kubernetes watches files with some thirty instances, and all machines of the engine share one limit. */
const needed = 1024;

/** Raises the kernel's limit of file watchers until the next boot, if it is too low for several machines and we may. */
export async function raiseInotifyLimit(note: Note): Promise<void> {
  const limit = Number(await readFile(file, 'utf8').catch(() => needed));
  if (limit >= needed) return;
  try {
    await writeFile(file, `${needed}`);
    note(
      `raised fs.inotify.max_user_instances from ${limit} to ${needed} until the next boot: each machine needs some thirty`,
    );
  } catch {
    note(
      `fs.inotify.max_user_instances is ${limit}, too few for several machines; as root type: sysctl fs.inotify.max_user_instances=${needed}`,
    );
  }
}
