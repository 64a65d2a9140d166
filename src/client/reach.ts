import { connect } from 'node:net';

const patience = 2000;

/**
 * Why nothing can answer at `host:port`, found at once; undefined when something listens, or when only a
 * real connection can tell (a proxy, another form of address).
 */
export function whyUnreachable(address: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const [, host, port = '7233'] = /^([\w.-]+|\[[\da-fA-F:]+\])(?::(\d+))?$/.exec(address) ?? [];
  if (
    host === undefined ||
    Number(port) > 65_535 ||
    proxyVariables.some((name) => environment[name] !== undefined)
  ) {
    return Promise.resolve(undefined);
  }
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port: Number(port), timeout: patience });
    const answer = (reason?: string): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => answer());
    socket.once('timeout', () => answer());
    socket.once('error', (error: NodeJS.ErrnoException) => answer(reasons[error.code ?? '']));
  });
}

/** Those that gRPC heeds. */
const proxyVariables = ['grpc_proxy', 'https_proxy', 'http_proxy'];

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection is refused',
  ENOTFOUND: 'there is no such host',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the network',
};
