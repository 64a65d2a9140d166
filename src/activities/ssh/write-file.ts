import { failure } from '../../contracts/failure.ts';
import { lastWords } from '../bounded-answer.ts';
import { endpointName } from './endpoint.ts';
import type { SshConnection, SshEndpoint } from './pool.ts';
import { shellWord } from './shell.ts';

export type RemoteFile = {
  readonly path: string;
  readonly content: string | Buffer;
  /** In octal, 0o644. */
  readonly mode: number;
  readonly sudo: boolean;
};

/** Written aside and renamed; folders that lack are made. A connection that breaks leaves the old file. */
export async function writeFileOver(
  connection: SshConnection,
  endpoint: SshEndpoint,
  file: RemoteFile,
  signal: AbortSignal,
): Promise<void> {
  const content = Buffer.from(file.content);
  const path = shellWord(file.path);
  const command = `set -e
path=${path}
mkdir -p -- "$(dirname -- "$path")"
umask 077
aside=$(mktemp -- "$path.XXXXXX")
trap 'rm -f -- "$aside"' EXIT
cat >"$aside"
[ "$(wc -c <"$aside")" -eq ${content.length} ]
chmod ${file.mode.toString(8)} -- "$aside"
mv -fT -- "$aside" "$path"
trap - EXIT`;
  const result = await connection.run(command, signal, {
    sudo: file.sudo,
    stdin: content,
    purpose: `write ${file.path}`,
  });
  if (result.status === 0) return;
  throw failure(
    'ScriptFailed',
    `The file ${file.path} could not be written on ${endpointName(endpoint)}: ${lastWords(result.stderr)}`,
  );
}
