import { once } from 'node:events';
import { type Command, InvalidArgumentError } from 'commander';
import { startCodecServer } from '../../codec/server.ts';
import { operatorCodecs, payloadKeyOf } from '../../connection/data-converter.ts';
import { readProfile } from '../../connection/profile.ts';
import { readSettings } from '../../connection/settings.ts';
import { failure } from '../../contracts/failure.ts';
import { outputOf } from '../globals.ts';

type Options = {
  readonly host: string;
  readonly port: number;
  readonly origin: readonly string[];
};

const usualOrigins = ['http://localhost:8233', 'http://127.0.0.1:8233'];

export function addCodec(program: Command): void {
  program
    .command('codec')
    .description('serve what Temporal keeps decoded, to the Web UI and `temporal`')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on', portOf, 8081)
    .option('--origin <url...>', 'where the Web UI’s pages come from', usualOrigins)
    .addHelpText('after', environment)
    .action(async (options: Options, command: Command) => {
      const output = outputOf(command);
      const { payloadKeys, codecToken } = readSettings(process.env);
      if (codecToken === undefined) throw noToken();
      const { namespace } = readProfile(process.env);
      const codecsFor = (told: string = namespace) => operatorCodecs(payloadKeys, told);
      const { host, port, origin } = options;
      const origins = origin.map((url) => url.replace(/\/+$/, ''));
      const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      const server = await startCodecServer({
        host,
        port,
        origins,
        token: codecToken,
        codecsFor,
      });
      const key = payloadKeyOf(codecsFor()) ?? null;
      output.value({ url: server.url, key });
      output.line(
        `The codec server is ready at ${server.url}, ${key === null ? 'without a key' : `with the key ${key}`}.`,
      );
      output.line(
        `  temporal workflow list --codec-endpoint ${server.url} --codec-auth "Bearer $BRAID_CODEC_TOKEN"`,
      );
      output.line(`  For the Web UI, sign in at ${server.url}/ first.`);
      await ended;
      await server.close();
    });
}

function noToken(): Error {
  return failure(
    'ConfigurationInvalid',
    'Whoever reaches the codec server could read what Temporal keeps. Give a token in BRAID_CODEC_TOKEN (openssl rand -hex 32).',
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
  BRAID_CODEC_TOKEN    who asks must tell it, by Authorization: Bearer …, or by signing in with a browser
  TEMPORAL_NAMESPACE   what is typed is encrypted for it, where whoever asks does not tell another`;
