import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Json } from '../../contracts/json.ts';
import { problemsOf } from '../../contracts/problems.ts';
import { hasCode } from '../../store/whole-file.ts';
import { hostKeySchema, sshPortSchema } from '../ssh/endpoint.ts';

const fields = {
  name: z.string().min(1),
  address: z.string().min(1),
  port: sshPortSchema,
  user: z.string().min(1),
  host_key: hostKeySchema,
  key_secret: z.string().min(1),
  os: z.string().min(1),
  tags: z.array(z.string()),
};
const defaultsSchema = z.strictObject(fields).omit({ name: true, address: true, host_key: true }).partial();

/** A machine of a pool, and how it is reached. */
export type PoolHost = {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** `ssh-ed25519 AAAA…` */
  readonly hostKey: string;
  /** The name of the secret that is its private key. */
  readonly keySecret: string;
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
  return { name, hosts: hostsOf(hosts, path) };
}

/** A pool that a blueprint tells itself. Fails as OperationInputInvalid. */
export function poolOf(hosts: readonly Json[], node: string): Pool {
  return { name: `of ${node}`, hosts: hostsOf(hosts, `the property hosts of ${node}`) };
}

const hostSchema = z.strictObject({
  ...fields,
  name: fields.name.optional(),
  port: fields.port.default(22),
  os: fields.os.default('linux'),
  tags: fields.tags.default([]),
});

function hostsOf(entries: readonly unknown[], where: string): readonly PoolHost[] {
  const parsed = checked(z.object({ hosts: z.array(hostSchema) }), { hosts: entries }, where);
  const hosts = parsed.hosts.map(({ name, host_key: hostKey, key_secret: keySecret, ...rest }) => {
    return { ...rest, name: name ?? rest.address, hostKey, keySecret };
  });
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

function checked<Value>(schema: z.ZodType<Value>, value: unknown, where: string): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  throw failure(
    'OperationInputInvalid',
    `A pool of hosts is wrong in ${where}. ${problemsOf(error).join('; ')}.`,
  );
}
