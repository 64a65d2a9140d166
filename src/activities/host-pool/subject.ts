import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import { jsonSchema } from '../../contracts/json-schemas.ts';
import type { InstanceView, OperationContext } from '../../contracts/operation.ts';
import { problemsOf } from '../../contracts/problems.ts';
import type { ValueMap } from '../../contracts/sealed.ts';
import { referencedSelfOf, selfOf } from '../machines/subject.ts';
import { networkSchema, type Networks } from './networks.ts';
import { poolOf, readPool, type Pool, type PoolHost } from './pool.ts';

export type PoolSettings = {
  /** Tells this installation's claims from another's. */
  readonly installation: string;
  /** What it was called in claims before installations were told apart by their namespaces. */
  readonly formerly: string;
  /** Where pools are that workers know by name. */
  readonly folder: string;
};

/** Who holds a host, or is to. */
export type Holder = {
  readonly installation: string;
  /** Another name of the same installation, in claims of long ago. */
  readonly formerly: string;
  readonly deployment: string;
  readonly instance: string;
};

/** What a node asks of a pool. */
export type Wish = {
  readonly self: InstanceView;
  /** The same with references where secrets belong. */
  readonly referenced: InstanceView<ValueMap>;
  readonly holder: Holder;
  readonly pool: Pool;
  readonly tags: readonly string[];
  readonly os: string;
  readonly networks: Networks;
  /** A file of the blueprint; empty: none. */
  readonly cleanup: string;
  readonly preserve: { readonly files: readonly string[]; readonly services: readonly string[] };
};

const absolute = z.string().regex(/^\/[^/]+\//, 'must be an absolute path below a folder');
const propertiesSchema = z.object({
  os: z.string().default('linux'),
  filters: z.strictObject({ tags: z.array(z.string()).default([]) }).prefault({}),
  pool: z.string().default('default'),
  hosts: z.array(jsonSchema).default([]),
  networks: z.record(z.string(), networkSchema).default({}),
  cleanup: z.string().default(''),
  preserve: z
    .strictObject({ files: z.array(absolute).default([]), services: z.array(z.string()).default([]) })
    .prefault({}),
});

/** Fails as OperationInputInvalid. */
export async function wishOf(
  context: OperationContext,
  { installation, formerly, folder }: PoolSettings,
): Promise<Wish> {
  const self = selfOf(context);
  const referenced = referencedSelfOf(context);
  const { data, error } = propertiesSchema.safeParse(self.properties);
  if (error !== undefined) {
    throw failure(
      'OperationInputInvalid',
      `The properties of the host ${self.id} are wrong. ${problemsOf(error).join('; ')}.`,
    );
  }
  const { pool, hosts, filters, ...rest } = data;
  return {
    ...rest,
    self,
    referenced,
    tags: filters.tags,
    holder: { installation, formerly, deployment: context.deployment, instance: self.id },
    pool:
      hosts.length > 0
        ? poolOf(hosts, referenced.properties['hosts'], self.node)
        : await readPool(folder, pool),
  };
}

/** Those that the node may have, the ones with the fewest tags that nobody asked for first. */
export function candidates({ pool, tags, os }: Wish): readonly PoolHost[] {
  return pool.hosts
    .filter((host) => host.os === os && tags.every((tag) => host.tags.includes(tag)))
    .toSorted((one, other) => one.tags.length - other.tags.length);
}
