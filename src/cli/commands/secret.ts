import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { Argument, type Command } from 'commander';
import { readSettings } from '../../connection/settings.ts';
import { failure } from '../../contracts/failure.ts';
import { reasonOf } from '../../contracts/reason.ts';
import { ownSecret } from '../../contracts/secret-names.ts';
import { openStoreKeys } from '../../store/keys.ts';
import { type Resealed, rotateKey } from '../../store/rotate.ts';
import { openSecretFiles } from '../../store/secret-files.ts';
import type { SecretStore } from '../../store/secrets.ts';
import { storeFolders } from '../../store/store.ts';
import { outputOf } from '../globals.ts';

/** Secrets of one's own, in the store of this machine's worker. No value is ever an argument, or printed. */
export function addSecret(program: Command): void {
  const secret = program
    .command('secret')
    .description('secrets of your own, in the worker’s store on this machine')
    .addHelpText(
      'after',
      '\nThe store is that of BRAID_STATE, BRAID_SECRET_KEY and BRAID_SECRET_OLD_KEYS, as for `braid worker`.',
    );
  secret
    .command('put')
    .description('store a secret, or replace it')
    .addArgument(nameArgument())
    .argument('[file]', 'where its value is; without it the value comes by standard input')
    .action(async (name: string, file: string | undefined, _options: unknown, command: Command) => {
      const store = await openStore();
      const own = ownSecret(name);
      await store.put(own, await valueOf(file));
      const output = outputOf(command);
      output.value({ name: own });
      output.line(`A blueprint reads it by {get_secret: ${own}}.`);
    });
  secret
    .command('list')
    .description('the names of all secrets')
    .action(async (_options: unknown, command: Command) => {
      const names = await (await openStore()).list('');
      const output = outputOf(command);
      output.value(names);
      for (const name of names) output.line(name);
    });
  secret
    .command('remove')
    .description('remove a secret')
    .addArgument(nameArgument())
    .action(async (name: string, _options: unknown, command: Command) => {
      const store = await openStore();
      const own = ownSecret(name);
      await store.get(own);
      await store.remove(own);
      outputOf(command).value({ name: own, removed: true });
    });
  secret
    .command('rotate')
    .description('encrypt the whole store with BRAID_SECRET_KEY, reading it with BRAID_SECRET_OLD_KEYS')
    .addHelpText('after', beforeRotating)
    .action(async (_options: unknown, command: Command) => {
      const { state, secretKeys } = readSettings(process.env);
      const folders = storeFolders(state);
      const keys = await openStoreKeys({ folder: folders.secrets, ...secretKeys });
      const done = await rotateKey(folders, keys);
      const output = outputOf(command);
      output.value(done);
      output.line(`The store is encrypted with the key ${done.key}.`);
      output.line(
        `Done anew: ${counted('secret', done.secrets)}, ${counted('plan', done.plans)}, ${counted('blueprint', done.blueprints)}.`,
      );
      output.line(
        'Old keys are needed for backups alone, once every worker has this one as BRAID_SECRET_KEY.',
      );
    });
}

const beforeRotating = `
Every worker that shares the store must know the new key before: give it to them as BRAID_SECRET_KEY, and the old
one in BRAID_SECRET_OLD_KEYS (none: the store was not encrypted). They go on with the old one until this is run. It may
be stopped and run again.`;

/** `12 of 14 secrets`. */
function counted(kind: string, { anew, before }: Resealed): string {
  const all = anew + before;
  return `${anew} of ${all} ${kind}${all === 1 ? '' : 's'}`;
}

function nameArgument(): Argument {
  return new Argument('<name>', 'a path such as kubeconfig; all of yours lie under own/');
}

function openStore(): Promise<SecretStore> {
  const { state, secretKeys } = readSettings(process.env);
  return openSecretFiles({ folder: storeFolders(state).secrets, ...secretKeys });
}

/** As it is, a newline at its end too. Fails as InvalidInput when there is nothing. */
async function valueOf(file: string | undefined): Promise<string> {
  if (file === undefined && process.stdin.isTTY) {
    throw failure(
      'InvalidInput',
      'Name a file, or give the value by standard input: nobody should see it typed.',
    );
  }
  const value = (await (file === undefined ? buffer(process.stdin) : readValue(file))).toString();
  if (value === '')
    throw failure('InvalidInput', `The value is empty${file === undefined ? '' : `: ${file}`}.`);
  return value;
}

async function readValue(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = reasonOf(error);
    throw failure('InvalidInput', `${file} cannot be read: ${reason}`, { cause: error });
  }
}
