import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { callbackify } from 'node:util';
import { reasonOf } from '../../../contracts/reason.ts';
import type { TlsMaterial } from './access.ts';

const silenceMilliseconds = 20_000;

/** An agent whose connections go through a proxy, which learns whereto and no more: TLS is with the server itself. */
export function proxiedAgent(proxy: string, tls: TlsMaterial, options: https.AgentOptions): https.Agent {
  const agent = new https.Agent(options);
  const open = callbackify(async (host: string, port: string): Promise<Duplex> => {
    const socket = await tunnelTo(`${isIP(host) === 6 ? `[${host}]` : host}:${port}`, new URL(proxy));
    const servername = tls.servername ?? (isIP(host) === 0 ? host : '');
    return connect({ ...tls, socket, host, servername, ALPNProtocols: ['http/1.1'] });
  });
  agent.createConnection = ({ host, port }, done) => {
    if (done !== undefined) open(host ?? '', String(port ?? 443), done);
    return undefined;
  };
  return agent;
}

async function tunnelTo(target: string, proxy: URL): Promise<Socket> {
  try {
    return await connected(target, proxy);
  } catch (cause) {
    throw new Error(`the proxy ${proxy.host} cannot be used: ${reasonOf(cause)}`, { cause });
  }
}

function connected(target: string, { protocol, hostname, port, username, password }: URL): Promise<Socket> {
  const send = protocol === 'https:' ? https.request : http.request;
  const credentials = [username, password].map(decodeURIComponent).join(':');
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const request = send({
    host: hostname.replaceAll(/[[\]]/gu, ''),
    ...(port === '' ? {} : { port }),
    method: 'CONNECT',
    path: target,
    agent: false,
    timeout: silenceMilliseconds,
    headers: { Host: target, ...(username === '' ? {} : { 'Proxy-Authorization': authorization }) },
  });
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('it says nothing')));
    // Whatever a proxy answers comes so.
    request.on('connect', ({ statusCode }, socket) => {
      socket.setTimeout(0);
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`it answers ${statusCode ?? 'nothing'}`));
    });
    request.end();
  });
}
