import { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions } from 'node:https';
import { failure } from '../../../contracts/failure.ts';

/** How one cluster is reached, as its kubeconfig says. */
export type ClusterAccess = {
  /** `https://10.100.101.2:6443` */
  readonly server: string;
  readonly defaultNamespace: string;
  readonly tls: TlsMaterial;
  readonly headers: Readonly<Record<string, string>>;
  /** For what the client library does itself: a command in a pod. */
  readonly config: KubeConfig;
};
export type TlsMaterial = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'servername'>;

/**
 * Reads a kubeconfig's current context. It must hold everything itself and verify TLS: one that runs a
 * command, reads the worker's files or trusts any certificate is refused as OperationInputInvalid.
 */
export async function readKubeconfig(kubeconfig: string): Promise<ClusterAccess> {
  const config = parse(kubeconfig);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (cluster === null || user === null) throw invalid('has no current context with a cluster and a user');
  if (!cluster.server.startsWith('https://')) throw invalid('names a server without TLS');
  if (cluster.skipTLSVerify) throw invalid('turns TLS verification off (insecure-skip-tls-verify)');
  if (user.exec !== undefined && user.exec !== null) throw invalid('runs a command to log in (exec)');
  if (user.authProvider !== undefined && user.authProvider !== null) throw invalid('uses an auth-provider');
  if ([cluster.caFile, user.certFile, user.keyFile].some((file) => file !== undefined && file !== ''))
    throw invalid('names files; embed the data instead (kubectl config view --flatten)');

  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return {
    server: cluster.server.replace(/\/+$/u, ''),
    defaultNamespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    tls: { ca: options.ca, cert: options.cert, key: options.key, servername: options.servername },
    headers: authorization(options),
    config,
  };
}

function parse(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromString(kubeconfig);
  } catch {
    // The parser's own message would quote the text, which is a secret.
    throw invalid('cannot be read');
  }
  return config;
}

function authorization(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {}))
    if (typeof value === 'string') headers[name] = value;
  if (typeof options.auth === 'string')
    headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}

function invalid(what: string): Error {
  return failure('OperationInputInvalid', `The kubeconfig ${what}.`);
}
