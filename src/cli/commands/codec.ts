import { once } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import { startCodecServer } from '../../codec/server.ts';
import { createDataConverter, payloadKeyOf } from '../../connection/data-converter.ts';
import { readSettings } from '../../connection/settings.ts';
import { failure } from '../../contracts/failure.ts';
import { outputOf } from '../globals.ts';

type Options = {
  readonly host: string;
  readonly port: number;
  readonly origin: readonly string[];
  readonly open: boolean;
};

const usualOrigins = ['http://localhost:8233', 'http://127.0.0.1:8233'];

export function addCodec(program: Command): void {
  program
    .command('codec')
    .description('serve what Temporal keeps decoded, to the Web UI and `temporal`')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', portOf, 8081)
    .option('--origin <url...>', 'where the Web UI’s pages come from', usualOrigins)
    .option('--open', 'serve whoever reaches another address than loopback, without a token', false)
    .addHelpText('after', environment)
    .action(async (options: Options, command: Command) => {
      const output = outputOf(command);
      const { payloadKeys, codecToken } = readSettings(process.env);
      mustBeGuarded(options, codecToken);
      const { payloadCodecs = [] } = createDataConverter(payloadKeys);
      const { host, port, origin } = options;
      const origins = origin.map((url) => url.replace(/\/+$/, ''));
      const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      const server = await startCodecServer({
        host,
        port,
        origins,
        token: codecToken,
        codecs: payloadCodecs,
      });
      const key = payloadKeyOf(payloadCodecs) ?? null;
      output.value({ url: server.url, key });
      output.line(
        `The codec server is ready at ${server.url}, ${key === null ? 'without a key' : `with the key ${key}`}.`,
      );
      output.line(`  temporal workflow list --codec-endpoint ${server.url}`);
      if (codecToken !== undefined) output.line(`  For the Web UI, sign in at ${server.url}/ first.`);
      await ended;
      await server.close();
    });
}

function mustBeGuarded({ host, open }: Options, token: string | undefined): void {
  if (token !== undefined || open || host === 'localhost' || host === '::1' || host.startsWith('127.'))
    return;
  throw failure(
    'ConfigurationInvalid',
    `Whoever reaches ${host} could read what Temporal keeps. Give a token in BRAID_CODEC_TOKEN; with --open, everybody is served.`,
  );
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('Give a port, 0 to 65535.');
  return port;
}

const environment = `
Environment:
  BRAID_PAYLOAD_KEY, BRAID_PAYLOAD_OLD_KEYS
                       the keys of the workers; without one, only what was compressed is decoded
  BRAID_CODEC_TOKEN    who asks must tell it, by Authorization: Bearer …, or by signing in with a browser`;
