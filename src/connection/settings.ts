import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** What Braid's own environment variables say; how Temporal is reached is told by its client's profile. */
const environmentSchema = z.object({
  BRAID_TASK_QUEUE: z.string().min(1).default('braid'),
  BRAID_BLUEPRINTS: z.string().min(1).default('blueprints'),
  BRAID_STATE: z.string().min(1).optional(),
  BRAID_SECRET_KEY: z.string().optional(),
  BRAID_LAB: z
    .string()
    .regex(/^[a-z0-9-]*$/)
    .default('braid'),
  BRAID_DOCKER_SOCKET: z.string().min(1).default('/var/run/docker.sock'),
  XDG_STATE_HOME: z.string().optional(),
});

export type Settings = {
  readonly taskQueue: string;
  /** Folder below which workflows find blueprints. */
  readonly blueprints: string;
  /** Folder of the store: blueprints, plans, secrets. */
  readonly state: string;
  /** 32 bytes in base64 with which the secret store encrypts. */
  readonly secretKey: string | undefined;
  /** Label value by which this installation's machines and networks are told from another's. */
  readonly lab: string;
  readonly dockerSocket: string;
};

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const read = environmentSchema.parse(environment);
  const states = read.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  return {
    taskQueue: read.BRAID_TASK_QUEUE,
    blueprints: resolve(read.BRAID_BLUEPRINTS),
    state: resolve(read.BRAID_STATE ?? join(states, 'braid', read.BRAID_LAB, 'store')),
    secretKey: read.BRAID_SECRET_KEY,
    lab: read.BRAID_LAB,
    dockerSocket: read.BRAID_DOCKER_SOCKET,
  };
}
