import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { failed } from '../cli/exit.ts';
import { tellFailure } from '../cli/tell-failure.ts';
import { readProfile } from '../connection/profile.ts';
import { startGuard } from './server.ts';

/**
 * A program: the guard before Temporal's Web UI or its HTTP API, until SIGTERM.
 *
 *   node src/guard/main.ts --listen 127.0.0.1:8233 --to http://127.1.2.3:8080 --host localhost:8233 [--as NAME] [--json]
 */
try {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: '' },
      to: { type: 'string', default: '' },
      host: { type: 'string', multiple: true, default: [] },
      as: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { to, as, json } = values;
  const [, host = '127.0.0.1', port] = /^(.*):(\d+)$/.exec(values.listen) ?? [];
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const guard = await startGuard({
    listen: { host, port: Number(port) },
    to,
    hosts: values.host.map((each) => each.toLowerCase()),
    json,
    ...(as === undefined ? {} : { as }),
    ...(to.startsWith('https:') ? { tls: tlsOf(process.env) } : {}),
  });
  console.log(`The guard is ready on port ${guard.port}.`);
  await ended;
  await guard.close();
} catch (error) {
  const reason = failed(error);
  tellFailure(reason, false);
  process.exitCode = reason.exit;
}

/** Of Temporal's client profile. */
function tlsOf(environment: NodeJS.ProcessEnv) {
  const { tls } = readProfile(environment).connectionOptions;
  if (tls === undefined || tls === null || typeof tls === 'boolean') return {};
  const { serverNameOverride, serverRootCACertificate, clientCertPair } = tls;
  return {
    ...(serverRootCACertificate == null ? {} : { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair == null
      ? {}
      : { cert: Buffer.from(clientCertPair.crt), key: Buffer.from(clientCertPair.key) }),
    ...(serverNameOverride == null ? {} : { servername: serverNameOverride }),
  };
}
