import type { RequestOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node';
import type { KubeconfigRight } from '../../../connection/settings.ts';
import { execCredential } from './exec-credential.ts';
import { invalid, parseKubeconfig } from './kubeconfig.ts';
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
  const { headers, ...tls } = await optionsOf(
    {
      name: 'cluster',
      server,
      skipTLSVerify: false,
      ...named(
        'caData',
        cluster['certificate-authority-data'] ?? (await encodedFile(cluster['certificate-authority'])),
      ),
      ...named('tlsServerName', cluster['tls-server-name']),
    },
    {
      name: 'user',
      ...named(
        'certData',
        encoded(given.cert) ??
          user['client-certificate-data'] ??
          (await encodedFile(user['client-certificate'])),
      ),
      ...named(
        'keyData',
        encoded(given.key) ?? user['client-key-data'] ?? (await encodedFile(user['client-key'])),
      ),
      ...named('token', given.token ?? user.token ?? (await tokenIn(user.tokenFile))),
      ...named('username', user.username),
      ...named('password', user.username === undefined ? undefined : (user.password ?? '')),
      ...named('impersonateUser', user.as),
    },
  );
  requireReadable(tls);
  const impersonated = {
    ...named('Impersonate-Uid', user['as-uid']),
    ...named('Impersonate-Group', user['as-groups']),
  };
  return {
    server,
    defaultNamespace: namespace,
    tls,
    headers: { ...headers, ...impersonated },
    proxy: cluster['proxy-url'],
  };
}

/** What the client library makes of credentials. It gets nothing that names a file or a program. */
async function optionsOf(cluster: Cluster, user: User): Promise<TlsMaterial & { readonly headers: Headers }> {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, user);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, servername, headers, auth } = options;
  const told = new Map<string, unknown>(Object.entries(headers ?? {}));
  return {
    ...named('ca', asPem(ca)),
    ...named('cert', asPem(cert)),
    ...named('key', asPem(key)),
    ...named('servername', servername),
    headers: {
      ...named('Authorization', textOf(told.get('Authorization')) ?? basicOf(auth ?? undefined)),
      ...named('Impersonate-User', textOf(told.get('Impersonate-User'))),
    },
  };
}

function asPem(material: RequestOptions['key']): string | undefined {
  return Buffer.isBuffer(material) ? material.toString('latin1') : textOf(material);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function basicOf(credentials: string | undefined): string | undefined {
  return credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
}

async function encodedFile(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : encoded(await readWorkerFile(path));
}

function encoded(pem: string | undefined): string | undefined {
  return pem === undefined ? undefined : Buffer.from(pem).toString('base64');
}

function serverOf(server: string): string {
  const { origin, pathname, username, search, hash } = new URL(server);
  if (username !== '' || search !== '' || hash !== '')
    throw invalid('is wrong at cluster.server: it may have a host, a port and a path alone');
  return `${origin}${pathname}`.replace(/\/+$/u, '');
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

function named<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [name in Name]?: Value } {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript widens a computed key
  return (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
}
