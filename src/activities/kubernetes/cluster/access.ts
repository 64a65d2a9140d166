import { createSecureContext } from 'node:tls';
import type { KubeconfigRight } from '../../../connection/settings.ts';
import { execCredential } from './exec-credential.ts';
import { invalid, type Kubeconfig, parseKubeconfig } from './kubeconfig.ts';
import { readWorkerFile } from './worker-file.ts';

/** How one cluster is reached, as its kubeconfig says. */
export type ClusterAccess = {
  /** `https://10.100.101.2:6443` */
  readonly server: string;
  readonly defaultNamespace: string;
  readonly tls: TlsMaterial;
  readonly headers: Headers;
  /** `http://10.0.0.9:3128`; undefined: none. */
  readonly proxy: string | undefined;
};
/** PEM. */
export type TlsMaterial = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
};
type Headers = {
  readonly Authorization?: string;
  readonly 'Impersonate-User'?: string;
  readonly 'Impersonate-Uid'?: string;
  readonly 'Impersonate-Group'?: string[];
};

/**
 * Reads a kubeconfig's current context, with the files that it names and the credentials that its command gives
 * where they are allowed. Fails as OperationInputInvalid, or as Unauthorized when the command does.
 */
export async function readKubeconfig(
  text: string,
  allowed: ReadonlySet<KubeconfigRight>,
  signal: AbortSignal,
): Promise<ClusterAccess> {
  const { cluster, user, namespace } = parseKubeconfig(text, allowed);
  const server = serverOf(cluster.server);
  const given = user.exec === undefined ? {} : await execCredential(user.exec, signal);
  const tls = {
    ...named('ca', await pem(cluster['certificate-authority-data'], cluster['certificate-authority'])),
    ...named('cert', given.cert ?? (await pem(user['client-certificate-data'], user['client-certificate']))),
    ...named('key', given.key ?? (await pem(user['client-key-data'], user['client-key']))),
    ...named('servername', cluster['tls-server-name']),
  };
  requireReadable(tls);
  const token = given.token ?? user.token ?? (await tokenIn(user.tokenFile));
  const headers = headersOf(user, token);
  return { server, defaultNamespace: namespace, tls, headers, proxy: cluster['proxy-url'] };
}

function serverOf(server: string): string {
  const { origin, pathname, username, search, hash } = new URL(server);
  if (username !== '' || search !== '' || hash !== '')
    throw invalid('is wrong at cluster.server: it may have a host, a port and a path alone');
  return `${origin}${pathname}`.replace(/\/+$/u, '');
}

async function pem(data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('latin1');
  return file === undefined ? undefined : await readWorkerFile(file);
}

async function tokenIn(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const token = (await readWorkerFile(file)).trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw invalid(`names ${file}, which holds no token`);
}

function requireReadable({ ca, cert, key }: TlsMaterial): void {
  try {
    createSecureContext({ ca, cert, key });
  } catch {
    throw invalid('holds certificates or a key that cannot be read, or do not belong together');
  }
}

function headersOf(
  { username, password = '', ...user }: Kubeconfig['user'],
  token: string | undefined,
): Headers {
  const basic =
    username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return {
    ...named('Authorization', token === undefined ? basic : `Bearer ${token}`),
    ...named('Impersonate-User', user.as),
    ...named('Impersonate-Uid', user['as-uid']),
    ...named('Impersonate-Group', user['as-groups']),
  };
}

function named<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [name in Name]?: Value } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript widens a computed key
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
}
