import { createServer, type RequestListener, type Server } from 'node:http';
import type { Cluster } from '../../src/activities/kubernetes/cluster/cluster.ts';
import { openChannel } from '../../src/activities/kubernetes/cluster/http.ts';

const servers: Server[] = [];

/** An API server that answers as the listener does; for faults that a real one has at no given time. */
export async function served(listener: RequestListener): Promise<Cluster> {
  const server = createServer(listener);
  servers.push(server);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  return clusterAt(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
}

export function clusterAt(server: string): Cluster {
  const access = { server, defaultNamespace: 'default', tls: {}, headers: {}, proxy: undefined };
  return { access, channel: openChannel(access), kinds: new Map() };
}

export function stopServers(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}
