import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Json } from '../../contracts/json.ts';
import { problemsOf } from '../../contracts/problems.ts';
import { Deferred, type Value } from '../../contracts/sealed.ts';
import { ownSecret } from '../../contracts/secret-names.ts';
import { followValue } from '../../language/functions/index.ts';
import { hasCode } from '../../store/whole-file.ts';
import { hostKeySchema, sshPortSchema } from '../ssh/endpoint.ts';

const fields = {
  name: z.string().min(1),
  address: z.string().min(1),
  port: sshPortSchema,
  user: z.string().min(1),
  host_key: hostKeySchema,
  os: z.string().min(1),
  tags: z.array(z.string()),
};
/** What the operator's own files name lies under the operator's root. */
const named = { key_secret: z.string().min(1) };
const given = { key: z.string().min(1) };
const defaultsSchema = z
  .strictObject({ ...fields, ...named })
  .omit({ name: true, address: true, host_key: true })
  .partial();

/** A private key: a secret of the operator's, or one that is at hand, with the reference by which it is handed on. */
export type PoolKey =
  | { readonly secret: string }
  | { readonly privateKey: string; readonly reference: Value };

/** A machine of a pool, and how it is reached. */
export type PoolHost = {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string;
  readonly key: PoolKey;
  readonly os: string;
  readonly tags: readonly string[];
};

export type Pool = { readonly name: string; readonly hosts: readonly PoolHost[] };

/** A pool that is written down for all workers, `<folder>/<name>.yaml`. Fails as OperationInputInvalid. */
export async function readPool(folder: string, name: string): Promise<Pool> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) {
    throw failure(
      'OperationInputInvalid',
      `A pool’s name is letters, digits, _ and -, not ${JSON.stringify(name)}.`,
    );
  }
  const path = join(folder, `${name}.yaml`);
  const schema = z.strictObject({ defaults: defaultsSchema.default({}), hosts: z.array(z.unknown()) });
  const file = checked(schema, await readYaml(path, name), path);
  const hosts = file.hosts.map((each) =>
    typeof each === 'object' && each !== null ? { ...file.defaults, ...each } : each,
  );
  const { hosts: read } = checked(z.object({ hosts: z.array(namedSchema) }), { hosts }, path);
  const inPool = read.map(({ key_secret, ...host }) => poolHost(host, { secret: ownSecret(key_secret) }));
  return { name, hosts: eachOnce(inPool, path) };
}

/**
 * A pool that a blueprint tells itself; `referenced` is the same with references where secrets belong. Fails as
 * OperationInputInvalid.
 */
export function poolOf(hosts: readonly Json[], referenced: Value | undefined, node: string): Pool {
  const where = `the property hosts of ${node}`;
  const { hosts: read } = checked(z.object({ hosts: z.array(givenSchema) }), { hosts }, where);
  const inPool = read.map(({ key: privateKey, ...host }, index) => {
    const reference = followValue(referenced ?? null, [index, 'key']);
    if (reference instanceof Deferred) return poolHost(host, { privateKey, reference });
    throw failure(
      'OperationInputInvalid',
      `The key of ${host.address} in ${where} must be a secret: key: {get_secret: …}.`,
    );
  });
  return { name: `of ${node}`, hosts: eachOnce(inPool, where) };
}

const usual = {
  ...fields,
  name: fields.name.optional(),
  port: fields.port.default(22),
  os: fields.os.default('linux'),
  tags: fields.tags.default([]),
};
const usualSchema = z.strictObject(usual);
const namedSchema = z.strictObject({ ...usual, ...named });
const givenSchema = z.strictObject({ ...usual, ...given });

function poolHost({ name, host_key: hostKey, ...rest }: z.infer<typeof usualSchema>, key: PoolKey): PoolHost {
  return { ...rest, name: name ?? rest.address, hostKey, key };
}

function eachOnce(hosts: readonly PoolHost[], where: string): readonly PoolHost[] {
  const names = hosts.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return hosts;
  throw failure('OperationInputInvalid', `The host ${twice} is there twice in ${where}.`);
}

async function readYaml(path: string, name: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failure(
      'OperationInputInvalid',
      hasCode(cause, 'ENOENT')
        ? `There is no host pool ${name}: the worker has no file ${path}.`
        : `The host pool ${path} cannot be read: ${why}`,
      { cause },
    );
  }
}

function checked<Checked>(schema: z.ZodType<Checked>, value: unknown, where: string): Checked {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  throw failure(
    'OperationInputInvalid',
    `A pool of hosts is wrong in ${where}. ${problemsOf(error).join('; ')}.`,
  );
}
