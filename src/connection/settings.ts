import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { failure } from '../contracts/failure.ts';
import { problemsOf } from '../contracts/problems.ts';
import type { SecretKeys } from '../store/key-ring.ts';
import type { PayloadKeys } from './encryption.ts';
import { pluginsFolder } from './plugins-folder.ts';

const key = z
  .string()
  .refine(
    (text) => Buffer.from(text, 'base64').length === 32,
    'give 32 bytes in base64 (openssl rand -base64 32)',
  );

const kubeconfigRights = ['files', 'exec', 'impersonation', 'proxy'] as const;
/**
 * What a kubeconfig may have a worker do only where its operator allows it: read files of the worker, run a program
 * there to log in, speak for somebody else, go through a proxy.
 */
export type KubeconfigRight = (typeof kubeconfigRights)[number];

const oldKey = z
  .string()
  .refine((text) => text === 'none' || key.safeParse(text).success, 'give 32 bytes in base64, or none');

/** With commas or spaces between. */
function listOf<T extends z.ZodType<string, string>>(each: T) {
  return z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((part) => part !== ''))
    .pipe(z.array(each));
}

/** What Braid's own environment variables say; how Temporal is reached is told by its client's profile. */
const environmentSchema = z
  .object({
    BRAID_TASK_QUEUE: z.string().min(1, 'must not be empty').default('braid'),
    BRAID_BLUEPRINTS: z.string().min(1, 'must not be empty').default('blueprints'),
    BRAID_STATE: z.string().min(1, 'must not be empty').optional(),
    BRAID_SECRET_KEY: key.optional(),
    BRAID_SECRET_OLD_KEYS: listOf(oldKey),
    BRAID_PAYLOAD_KEY: key.optional(),
    BRAID_PAYLOAD_OLD_KEYS: listOf(key),
    BRAID_ALLOW_PLAIN_STARTS: z.enum(['0', '1'], 'give 0 or 1').default('0'),
    BRAID_CODEC_TOKEN: z
      .string()
      .regex(/^[\w.~+/=-]{16,}$/, 'give 16 or more of letters, digits and -._~+/= (openssl rand -hex 32)')
      .optional(),
    BRAID_LAB: z
      .string()
      .regex(/^[a-z0-9-]+$/, 'use small letters, digits and hyphens')
      .default('braid'),
    BRAID_INSTALLATION: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'use up to 63 small letters, digits and inner hyphens')
      .optional(),
    BRAID_KUBECONFIG_ALLOW: listOf(
      z.enum(kubeconfigRights, { error: `use ${kubeconfigRights.join(', ')} alone` }),
    ),
    BRAID_DOCKER_SOCKET: z.string().min(1, 'must not be empty').default('/var/run/docker.sock'),
    XDG_STATE_HOME: z.string().optional(),
  })
  .refine((read) => read.BRAID_SECRET_KEY !== undefined || read.BRAID_SECRET_OLD_KEYS.length === 0, {
    path: ['BRAID_SECRET_OLD_KEYS'],
    message: 'give BRAID_SECRET_KEY too',
  });

export type Settings = {
  readonly taskQueue: string;
  /** Folder below which workflows find blueprints. */
  readonly blueprints: string;
  /** Folder of plugins of one's own, which blueprints import by name; null: there is none. */
  readonly plugins: string | null;
  /** Folder of the store: blueprints, plans, secrets. */
  readonly state: string;
  readonly secretKeys: SecretKeys;
  /** What goes to Temporal is encrypted with it. */
  readonly payloadKeys: PayloadKeys;
  /** With a payload key: whether workflows take arguments that are not encrypted. */
  readonly plainStarts: boolean;
  /** What whoever asks the codec server must tell. */
  readonly codecToken: string | undefined;
  /** Label value by which this installation's machines and networks are told from another's. */
  readonly lab: string;
  /** Name by which what is made anywhere is told from another installation's; undefined: the namespace's id. */
  readonly installation: string | undefined;
  readonly kubeconfigRights: ReadonlySet<KubeconfigRight>;
  readonly dockerSocket: string;
};

/** Fails as ConfigurationInvalid, naming each variable that is wrong but not its value. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const { data: read, error } = environmentSchema.safeParse(environment);
  if (error !== undefined) {
    throw failure('ConfigurationInvalid', `The environment is not valid. ${problemsOf(error).join('; ')}.`);
  }
  const states = read.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  return {
    taskQueue: read.BRAID_TASK_QUEUE,
    blueprints: resolve(read.BRAID_BLUEPRINTS),
    plugins: pluginsFolder(environment),
    state: resolve(read.BRAID_STATE ?? join(states, 'braid', read.BRAID_LAB, 'store')),
    secretKeys: { key: read.BRAID_SECRET_KEY, oldKeys: read.BRAID_SECRET_OLD_KEYS },
    payloadKeys: { key: read.BRAID_PAYLOAD_KEY, oldKeys: read.BRAID_PAYLOAD_OLD_KEYS },
    plainStarts: read.BRAID_ALLOW_PLAIN_STARTS === '1',
    codecToken: read.BRAID_CODEC_TOKEN,
    lab: read.BRAID_LAB,
    installation: read.BRAID_INSTALLATION,
    kubeconfigRights: new Set(read.BRAID_KUBECONFIG_ALLOW),
    dockerSocket: read.BRAID_DOCKER_SOCKET,
  };
}
