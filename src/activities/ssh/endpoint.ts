import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { HostView } from '../../contracts/operation.ts';
import type { SshEndpoint } from './pool.ts';

export const sshPortSchema = z.int().min(1).max(65_535);
export const hostKeySchema = z.string().regex(/^\S+ [A-Za-z0-9+/]+=*( |$)/, 'must be "ssh-ed25519 AAAA…"');

/** The runtime property `ssh` of a machine, its key resolved. */
const endpointSchema = z
  .object({
    host: z.string().min(1),
    port: sshPortSchema.default(22),
    user: z.string().min(1),
    key: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    host_key: hostKeySchema,
  })
  .refine(({ key, password }) => key !== undefined || password !== undefined, { path: ['key'] });

/**
 * How the machine is reached that an operation works on: its runtime property `ssh`. `who` names the instance in the
 * error.
 * Fails as OperationInputInvalid when there is no machine or it does not tell.
 */
export function hostEndpoint(host: HostView | null, who: string): SshEndpoint {
  if (host === null) {
    throw failure(
      'OperationInputInvalid',
      `${who} is on no machine. Put it into one with a relationship derived from cloudify.relationships.contained_in.`,
    );
  }
  return endpointOf(host.runtimeProperties['ssh'], `the machine ${host.id} of ${who}`);
}

/** The same for a value that has the shape of the runtime property `ssh`. */
export function endpointOf(value: unknown, where: string): SshEndpoint {
  const parsed = endpointSchema.safeParse(value);
  if (parsed.success) {
    const { host, port, user, key = '', password, host_key: hostKey } = parsed.data;
    const endpoint = { host, port, user, privateKey: key, hostKey };
    return password === undefined ? endpoint : { ...endpoint, password };
  }
  // The paths alone: a message could show a part of the key.
  const fields = parsed.error.issues.map((issue) => ['ssh', ...issue.path].join('.'));
  throw failure(
    'OperationInputInvalid',
    `The runtime property "ssh" of ${where} lacks or has wrong: ${fields.join(', ')}. It is {host, port, user, host_key, key}; a password may stand in the key's place.`,
  );
}

/** `debian@10.0.0.2:22`, for people. */
export function endpointName(endpoint: SshEndpoint): string {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `${endpoint.user}@${host}:${endpoint.port}`;
}
