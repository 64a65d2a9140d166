import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { failure } from '../contracts/failure.ts';
import { problemsOf } from '../contracts/problems.ts';
import type { PayloadKeys } from './encryption.ts';
import { pluginsFolder } from './plugins-folder.ts';

const key = z
  .string()
  .refine(
    (text) => Buffer.from(text, 'base64').length === 32,
    'give 32 bytes in base64 (openssl rand -base64 32)',
  );

/** What Braid's own environment variables say; how Temporal is reached is told by its client's profile. */
const environmentSchema = z.object({
  BRAID_TASK_QUEUE: z.string().min(1, 'must not be empty').default('braid'),
  BRAID_BLUEPRINTS: z.string().min(1, 'must not be empty').default('blueprints'),
  BRAID_STATE: z.string().min(1, 'must not be empty').optional(),
  BRAID_SECRET_KEY: key.optional(),
  BRAID_PAYLOAD_KEY: key.optional(),
  BRAID_PAYLOAD_OLD_KEYS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
    .pipe(z.array(key)),
  BRAID_CODEC_TOKEN: z
    .string()
    .regex(/^[\w.~+/=-]{16,}$/, 'give 16 or more of letters, digits and -._~+/= (openssl rand -hex 32)')
    .optional(),
  BRAID_LAB: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'use small letters, digits and hyphens')
    .default('braid'),
  BRAID_DOCKER_SOCKET: z.string().min(1, 'must not be empty').default('/var/run/docker.sock'),
  XDG_STATE_HOME: z.string().optional(),
});

export type Settings = {
  readonly taskQueue: string;
  /** Folder below which workflows find blueprints. */
  readonly blueprints: string;
  /** Folder of plugins of one's own, which blueprints import by name; null: there is none. */
  readonly plugins: string | null;
  /** Folder of the store: blueprints, plans, secrets. */
  readonly state: string;
  /** 32 bytes in base64 with which the secret store encrypts. */
  readonly secretKey: string | undefined;
  /** What goes to Temporal is encrypted with it. */
  readonly payloadKeys: PayloadKeys;
  /** What whoever asks the codec server must tell. */
  readonly codecToken: string | undefined;
  /** Label value by which this installation's machines and networks are told from another's. */
  readonly lab: string;
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
    secretKey: read.BRAID_SECRET_KEY,
    payloadKeys: { key: read.BRAID_PAYLOAD_KEY, oldKeys: read.BRAID_PAYLOAD_OLD_KEYS },
    codecToken: read.BRAID_CODEC_TOKEN,
    lab: read.BRAID_LAB,
    dockerSocket: read.BRAID_DOCKER_SOCKET,
  };
}
