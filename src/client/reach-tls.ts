import { connect, type ConnectionOptions } from 'node:tls';
import type { TemporalProfile } from '../connection/profile.ts';

type TlsSettings = TemporalProfile['connectionOptions']['tls'];

/** Why TLS with the server does not come about. `refused`: because of what this side shows. */
export type TlsTrouble = { readonly reason: string; readonly refused: boolean };

/** Asks the server at `host:port` by TLS alone; undefined when nothing is wrong with that, or nothing is known. */
export async function tlsTrouble(address: string, tls: TlsSettings): Promise<TlsTrouble | undefined> {
  const [, host = address, port = '7233'] = /^(.*):(\d+)$/.exec(address) ?? [];
  const target = { host: host.replace(/^\[|\]$/g, ''), port: Number(port), ALPNProtocols: ['h2'] };
  const wanted = tls !== undefined && tls !== null && tls !== false;
  if (!wanted) {
    const code = await outcome({ ...target, rejectUnauthorized: false });
    return code === undefined || isAlert(code)
      ? { reason: 'it wants TLS, which TEMPORAL_TLS=true switches on', refused: false }
      : undefined;
  }
  const code = await outcome({ ...target, ...optionsOf(tls) });
  return code === undefined ? undefined : meaningOf(code);
}

function optionsOf(tls: NonNullable<TlsSettings>): ConnectionOptions {
  if (typeof tls !== 'object') return {};
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls;
  return {
    ...(serverNameOverride === undefined ? {} : { servername: serverNameOverride }),
    ...(serverRootCACertificate === undefined ? {} : { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair === undefined
      ? {}
      : { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
  };
}

/** The code of the error by which it ended; undefined when it did not. */
function outcome(options: ConnectionOptions): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(options);
    let secured = false;
    const answer = (code?: string): void => {
      socket.destroy();
      resolve(code);
    };
    socket.once('secureConnect', () => {
      // That it does not like the client's certificate, a server says when the client thinks that all is well.
      secured = true;
      socket.setTimeout(settled);
    });
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      answer(secured && code === 'ECONNRESET' ? broken : (code ?? message)),
    );
    socket.once('timeout', () => answer(secured ? undefined : 'timeout'));
    socket.once('close', () => answer(broken));
    socket.setTimeout(patience);
  });
}

const settled = 2000;
const patience = 5000;
const broken = 'it ended the connection';

function isAlert(code: string): boolean {
  return code.startsWith('ERR_SSL_') && code.includes('ALERT');
}

function meaningOf(code: string): TlsTrouble | undefined {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return own(
      'its certificate is for another name; if that is right, tell the name in TEMPORAL_TLS_SERVER_NAME',
    );
  }
  if (code === 'CERT_HAS_EXPIRED') return own('its certificate has expired');
  if (untrusted.test(code)) {
    return own(
      'its certificate is of no authority that is trusted here; TEMPORAL_TLS_SERVER_CA_CERT_PATH names the file of the right one',
    );
  }
  if (isAlert(code) || code === broken) {
    return {
      reason: `it does not accept the certificate of TEMPORAL_TLS_CLIENT_CERT_PATH, or wants one (${code})`,
      refused: true,
    };
  }
  return /WRONG_VERSION|PACKET_LENGTH|EPROTO/.test(code) ? own('it does not speak TLS') : undefined;
}

const untrusted = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_(SIGNATURE|UNTRUSTED)/;

function own(reason: string): TlsTrouble {
  return { reason, refused: false };
}
