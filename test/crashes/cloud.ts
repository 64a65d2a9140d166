import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Stands in for a provider and a machine: objects with ids of their own, and a journal of every effect, as files. */
export type Cloud = {
  /** Makes the object when it is not there, and tells its id. */
  ensure(deployment: string, name: string): string;
  remove(deployment: string, name: string): void;
  /** Ids by name. */
  objects(deployment: string): Readonly<Record<string, string>>;
  /** As a machine runs a script: once under a key, whoever asks again. */
  once<Result>(key: string, effect: () => Result): Result;
  note(deployment: string, effect: string): void;
  /** Every effect on what is the deployment's. */
  journal(deployment: string): readonly string[];
};

export function openCloud(folder: string): Cloud {
  const journalFile = join(folder, 'journal');
  const runs = join(folder, 'runs');
  mkdirSync(runs, { recursive: true });
  const folderOf = (deployment: string): string => join(folder, 'objects', deployment);
  const note = (deployment: string, effect: string): void =>
    appendFileSync(journalFile, `${deployment} ${effect}\n`);
  return {
    note,
    ensure(deployment, name) {
      const path = join(folderOf(deployment), name);
      if (!existsSync(path)) {
        mkdirSync(folderOf(deployment), { recursive: true });
        writeFileSync(path, randomBytes(4).toString('hex'), { flag: 'wx' });
        note(deployment, `made ${name}`);
      }
      return readFileSync(path, 'utf8');
    },
    remove(deployment, name) {
      const path = join(folderOf(deployment), name);
      if (!existsSync(path)) return;
      rmSync(path);
      note(deployment, `removed ${name}`);
    },
    objects(deployment) {
      const names = existsSync(folderOf(deployment)) ? readdirSync(folderOf(deployment)) : [];
      return Object.fromEntries(
        names.toSorted().map((name) => [name, readFileSync(join(folderOf(deployment), name), 'utf8')]),
      );
    },
    once<Result>(key: string, effect: () => Result): Result {
      const path = join(runs, createHash('sha256').update(key).digest('hex'));
      if (!existsSync(path)) writeFileSync(path, JSON.stringify([effect()]));
      const [result]: [Result] = JSON.parse(readFileSync(path, 'utf8'));
      return result;
    },
    journal(deployment) {
      if (!existsSync(journalFile)) return [];
      const lines = readFileSync(journalFile, 'utf8').split('\n');
      return lines
        .filter((line) => line.startsWith(`${deployment} `))
        .map((line) => line.slice(deployment.length + 1));
    },
  };
}
