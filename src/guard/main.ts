import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { reasonOf } from '../contracts/reason.ts';
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
    hosts: values.host.map(hostOf),
    json,
    ...(as === undefined ? {} : { as }),
  });
  console.log(`The guard is ready on port ${guard.port}.`);
  await ended;
  await guard.close();
} catch (error) {
  // Not as the command tells it: what that brings would be most of this process.
  console.error(reasonOf(error));
  process.exitCode = 2;
}

/** As a browser names it: `localhost:8233`, of that or of its URL. */
function hostOf(given: string): string {
  return given
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
}
