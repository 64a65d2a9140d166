import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { failure } from '../../contracts/failure.ts';
import { reasonOf } from '../../contracts/reason.ts';
import { endpointName } from './endpoint.ts';
import type { SshEndpoint } from './pool.ts';

export type DialOptions = { readonly readyMilliseconds: number; readonly keepaliveMilliseconds: number };

/** A connection that is ready. Fails as Unreachable, Unauthorized or HostKeyMismatch. */
export function dial(endpoint: SshEndpoint, options: DialOptions): Promise<Client> {
  const client = new ssh2.Client();
  const observed: Observed = { hostKeyRefused: false, banner: '' };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      client.destroy();
      reject(explain(error, endpoint, observed));
    };
    client.on('banner', (text) => {
      observed.banner = text.slice(0, longestSaying).trim();
    });
    client.on('error', fail);
    client.on('close', () => fail(new Error('the connection was closed before it was ready')));
    client.on('ready', () => {
      client.setNoDelay(true);
      resolve(client);
    });
    try {
      client.connect(configuration(endpoint, options, observed));
    } catch (error) {
      fail(error);
    }
  });
}

/** Characters of what a server says that are told. */
const longestSaying = 500;

type Observed = { hostKeyRefused: boolean; banner: string };

function configuration(endpoint: SshEndpoint, options: DialOptions, observed: Observed): ConnectConfig {
  const [type = '', key = ''] = endpoint.hostKey.trim().split(/\s+/);
  const expected = Buffer.from(key, 'base64');
  return {
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.user,
    ...loginOf(endpoint),
    readyTimeout: options.readyMilliseconds,
    keepaliveInterval: options.keepaliveMilliseconds,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: algorithmsOf(type) },
    hostVerifier: (presented: Buffer) => {
      observed.hostKeyRefused = !presented.equals(expected);
      return !observed.hostKeyRefused;
    },
  };
}

function loginOf({ privateKey, password }: SshEndpoint): ConnectConfig {
  return {
    ...(privateKey === '' ? {} : { privateKey }),
    ...(password === undefined ? {} : { password }),
    authHandler: [
      ...(privateKey === '' ? [] : (['publickey'] as const)),
      ...(password === undefined ? [] : (['password'] as const)),
    ],
  };
}

type HostKeyAlgorithms = NonNullable<NonNullable<ConnectConfig['algorithms']>['serverHostKey']>;

/** Only the expected kind is asked for: a server that has several then shows the right one. */
function algorithmsOf(type: string): HostKeyAlgorithms & readonly unknown[] {
  switch (type) {
    case 'ssh-rsa':
      return ['rsa-sha2-512', 'rsa-sha2-256'];
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521':
      return [type];
    default:
      return ['ssh-ed25519'];
  }
}

function explain(error: unknown, endpoint: SshEndpoint, observed: Observed) {
  const who = endpointName(endpoint);
  const said = reasonOf(error).slice(0, longestSaying);
  const level = error instanceof Error && 'level' in error ? String(error.level) : '';
  if (observed.hostKeyRefused || /no matching host key/i.test(said)) {
    return failure('HostKeyMismatch', `The host key of ${who} is not the one expected.`);
  }
  if (/parse.*key|unsupported key|privateKey/i.test(said)) {
    return failure(
      'Unauthorized',
      `The private key for ${who} cannot be read; it must be in OpenSSH's format.`,
    );
  }
  // sshd closes the connection of a user whom PAM turns away, as it does while the machine boots.
  if (level === 'client-authentication' && !/closed/i.test(said)) {
    return failure('Unauthorized', `${who} refused the ${credential(endpoint)}.${quoted(observed.banner)}`);
  }
  return failure('Unreachable', `${who} does not answer: ${said}.${quoted(observed.banner)}`, {
    cause: error,
  });
}

function credential({ privateKey, password }: SshEndpoint): string {
  if (password === undefined) return 'private key';
  return privateKey === '' ? 'password' : 'private key and the password';
}

function quoted(banner: string): string {
  return banner === '' ? '' : ` It says: ${banner}`;
}
