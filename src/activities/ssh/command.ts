import { constants } from 'node:os';
import { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { failure } from '../../contracts/failure.ts';
import { answersTooMuch } from '../bounded-answer.ts';
import { untilAborted } from './abort.ts';
import { endpointName } from './endpoint.ts';
import type { AnswerBound, CommandOptions, CommandResult, SshEndpoint } from './pool.ts';
import type { MarkedCommand } from './remote-process.ts';

/** What is asked of hosts prints some lines; whoever expects more says so. */
const usualOutputLimit = 1024 * 1024;

/** Opens the channel only; rejects when the connection cannot. */
export function openChannel(client: Client, line: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(line, (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
  });
}

/** Runs the command to its end. An abort ends it on its host before this rejects with the signal's reason. */
export async function runToEnd(
  client: Client,
  endpoint: SshEndpoint,
  marked: MarkedCommand,
  channel: ClientChannel,
  signal: AbortSignal,
  options: CommandOptions,
): Promise<CommandResult> {
  const limit = options.timeoutMilliseconds ?? null;
  const stop = limit === null ? signal : AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  try {
    channel.end(options.stdin ?? '');
    return await untilAborted(collect(channel, endpoint, options), stop);
  } catch (error) {
    await endRemote(client, channel, marked);
    if (signal.aborted) throw signal.reason;
    if (stop.aborted)
      throw failure('NotReady', `A command did not end within ${limit} ms on ${endpointName(endpoint)}.`);
    throw error;
  }
}

/** The command's input and output as one stream; an error when it ends with a status other than 0. */
export function streamOf(
  client: Client,
  endpoint: SshEndpoint,
  marked: MarkedCommand,
  channel: ClientChannel,
  signal: AbortSignal,
  bound: AnswerBound,
): Duplex {
  let answered = 0;
  const stream = new Duplex({
    read: () => void channel.resume(),
    write: (chunk, _encoding, done) => {
      answered = 0;
      channel.write(chunk, () => done());
    },
    final: (done) => void channel.end(() => done()),
    destroy: (error, done) => {
      signal.removeEventListener('abort', abort);
      if (!closed) void endRemote(client, channel, marked);
      done(error);
    },
  });
  const abort = (): void => void stream.destroy(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  // Whoever reads it may listen too; unheard, an error must not end the worker.
  stream.on('error', () => undefined);
  let closed = false;
  let stderr = '';
  channel.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-2_000);
  });
  channel.on('data', (chunk: Buffer) => {
    answered += chunk.length;
    if (answered > bound.limit()) {
      bound.exceeded();
      stream.destroy();
    } else if (!stream.push(chunk)) channel.pause();
  });
  channel.on('end', () => stream.push(null));
  channel.on('close', (status: number | null) => {
    closed = true;
    if (status === 0) return;
    const how = status === null ? 'the connection or the command was ended' : `status ${status}`;
    stream.destroy(
      failure('ScriptFailed', `A command on ${endpointName(endpoint)} ended: ${how}. ${stderr.trim()}`),
    );
  });
  return stream;
}

function collect(
  channel: ClientChannel,
  endpoint: SshEndpoint,
  { outputLimit = usualOutputLimit, purpose = 'run a command' }: CommandOptions,
): Promise<CommandResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const keep = (list: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size <= outputLimit) {
        list.push(chunk);
        return;
      }
      // The host can send no more than what is taken.
      channel.pause();
      channel.stderr.pause();
      reject(answersTooMuch(endpointName(endpoint), purpose, outputLimit));
    };
    channel.on('data', keep(stdout));
    channel.stderr.on('data', keep(stderr));
    channel.on('error', reject);
    channel.on('close', (status: number | null | undefined, signalName?: string) => {
      const ended = statusOf(status, signalName);
      if (ended === undefined) {
        reject(
          failure('Unreachable', `The connection to ${endpointName(endpoint)} broke while a command ran.`),
        );
        return;
      }
      const note = signalName === undefined ? '' : `\nended by signal ${signalName}`;
      resolve({
        status: ended,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8') + note,
      });
    });
  });
}

/** As a shell tells a signal: 128 and its number. Undefined: the command's end is not known. */
function statusOf(status: number | null | undefined, signalName: string | undefined): number | undefined {
  if (typeof status === 'number') return status;
  if (signalName === undefined) return undefined;
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return 128 + (numbers[signalName.startsWith('SIG') ? signalName : `SIG${signalName}`] ?? 0);
}

/** Whoever cancels waits no longer than this, even when the host has fallen silent. */
const endLimitMilliseconds = 5_000;

/** sshd leaves a command running when its channel goes, so it is looked for and ended. */
async function endRemote(client: Client, channel: ClientChannel, marked: MarkedCommand): Promise<void> {
  channel.close();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), endLimitMilliseconds);
  try {
    await untilAborted(lookAndEnd(client, marked), limit.signal);
  } catch {
    // The connection is gone too, or says nothing; nobody can do more from here.
  } finally {
    clearTimeout(timer);
  }
}

async function lookAndEnd(client: Client, marked: MarkedCommand): Promise<void> {
  const ending = await openChannel(client, marked.endLine);
  ending.resume();
  ending.stderr.resume();
  await new Promise<void>((resolve) => ending.on('close', () => resolve()));
}
