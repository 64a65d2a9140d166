import { failure } from '../../contracts/failure.ts';
import { lastWords } from '../bounded-answer.ts';
import type { Tools } from '../operation.ts';
import type { SshConnection } from '../ssh/pool.ts';
import { shellWord } from '../ssh/shell.ts';

/** Gives the machine its name when it has another one, now and for its next boot. Empty: any name will do. */
export async function ensureHostname(wanted: string, connection: SshConnection, tools: Tools): Promise<void> {
  if (wanted === '') return;
  const name = shellWord(wanted);
  const command = `[ "$(hostname)" = ${name} ] || { hostname ${name} && echo ${name} >/etc/hostname; }`;
  const { status, stderr } = await connection.run(command, tools.signal, {
    sudo: true,
    purpose: 'take its hostname',
  });
  if (status === 0) return;
  throw failure('ScriptFailed', `the machine cannot be called ${wanted}: ${lastWords(stderr)}`, {
    details: { hostname: wanted, status },
  });
}
