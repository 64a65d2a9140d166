import { Agent } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import { callbackify } from 'node:util';
import Dockerode from 'dockerode';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Json } from '../../contracts/json.ts';
import { jsonObjectSchema } from '../../contracts/json-schemas.ts';
import { answersTooMuch } from '../bounded-answer.ts';
import { contentOf, flowing } from '../docker-log.ts';
import { beforeEffect } from '../lease.ts';
import type { Tools } from '../operation.ts';
import { untilAborted } from '../ssh/abort.ts';
import { endpointOf } from '../ssh/endpoint.ts';
import type { AnswerBound, SshConnection } from '../ssh/pool.ts';
import { swarmApi, type Attempt, type ReadLog, type SwarmApi } from './api.ts';
import { swarmFailure } from './errors.ts';

/** Runtime property `swarm` of a Microservice: where its Swarm is commanded. */
const managerSchema = z.object({ manager_ip: z.string().min(1), ssh: jsonObjectSchema });

const dialCommand = 'sudo -n docker system dial-stdio';

type ConnectionTools = Pick<Tools, 'ssh' | 'signal'>;

/**
 * Lets `use` speak to the manager's engine, by `docker system dial-stdio` over SSH: no port is open for it.
 * All calls made meanwhile share a stream or two, which are closed at the end.
 */
export async function withSwarm<Result>(
  manager: Json | undefined,
  tools: ConnectionTools,
  use: (swarm: SwarmApi) => Promise<Result>,
): Promise<Result> {
  const { manager_ip: where, ssh } = parseManager(manager);
  const endpoint = endpointOf(ssh, `Swarm manager ${where}`);
  const connection = await tools.ssh.connect(endpoint, tools.signal);
  const engine = openEngine(connection, where, tools.signal, answerLimit);
  const readLog: ReadLog = async (what, open, read) => {
    const log = openEngine(connection, where, tools.signal, answerLimit);
    try {
      const stream = await log.attempt(what, () => open(log.docker));
      log.expect(logLimit);
      return await log.attemptFlow(what, stream, read);
    } finally {
      log.close();
    }
  };
  try {
    return await use(swarmApi(engine.docker, where, engine.attempt, readLog));
  } finally {
    engine.close();
  }
}

/** An answer to one call: a Swarm of a thousand tasks takes a few MiB. */
const answerLimit = 8 * 1024 * 1024;
/** A log is counted as it comes, and never held. */
const logLimit = 1024 * 1024 * 1024;

function parseManager(manager: Json | undefined): z.infer<typeof managerSchema> {
  const parsed = managerSchema.safeParse(manager);
  if (parsed.success) return parsed.data;
  const message =
    'The Microservice knows no Swarm manager. Give it the relationship cloudify.swarm.relationships.microservice_contained_in_manager to a Manager, or to a proxy or component whose outputs hold swarm_info.';
  throw failure('OperationInputInvalid', message, { details: { problem: z.prettifyError(parsed.error) } });
}

type OpenEngine = {
  readonly docker: Dockerode;
  readonly attempt: Attempt;
  /** Reads what an answer goes on with, for as long as something comes. */
  readonly attemptFlow: <Result>(
    what: string,
    stream: Readable,
    read: (content: AsyncIterable<Buffer>) => Promise<Result>,
  ) => Promise<Result>;
  /** Bytes that the present answer may have from now on. */
  readonly expect: (limit: number) => void;
  readonly close: () => void;
};

/** The manager's engine over streams of its own; none of its answers has more than so many bytes. */
function openEngine(
  connection: SshConnection,
  where: string,
  signal: AbortSignal,
  limit: number,
): OpenEngine {
  const exceeded = new AbortController();
  let expected = limit;
  const bound = { limit: () => expected, exceeded: () => exceeded.abort() };
  const agent = agentOver(connection, signal, bound);
  const options = { protocol: 'http', socketPath: where, agent } as const;
  const explain = (what: string, error: unknown): Error => {
    signal.throwIfAborted();
    if (exceeded.signal.aborted) return answersTooMuch(`The Docker engine of ${where}`, what, expected);
    return swarmFailure(where, what, error);
  };
  return {
    docker: new Dockerode(options),
    async attempt(what, call) {
      signal.throwIfAborted();
      await beforeEffect();
      const silence = AbortSignal.timeout(silenceMilliseconds);
      try {
        return await untilAborted(call(), AbortSignal.any([signal, silence, exceeded.signal]));
      } catch (error) {
        const explained = explain(what, error);
        throw silence.aborted && !exceeded.signal.aborted ? silent(where, what) : explained;
      }
    },
    async attemptFlow(what, stream, read) {
      try {
        const pieces = flowing(stream, signal, silenceMilliseconds, () => silent(where, what));
        return await read(contentOf(pieces));
      } catch (error) {
        throw explain(what, error);
      }
    },
    expect: (wanted) => {
      expected = wanted;
    },
    close: () => agent.destroy(),
  };
}

/** An HTTP agent whose sockets are streams to the engine's own socket. */
function agentOver(connection: SshConnection, signal: AbortSignal, bound: AnswerBound): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const dial = callbackify(async () => asSocket(await connection.stream(dialCommand, signal, bound)));
  agent.createConnection = (_options, done) => {
    if (done !== undefined) dial(done);
    return undefined;
  };
  return agent;
}

/** What an agent asks of a TCP socket that it keeps has no meaning here. */
function asSocket(stream: Duplex): Duplex {
  const nothing = (): Duplex => stream;
  return Object.assign(stream, { ref: nothing, unref: nothing, setKeepAlive: nothing, setTimeout: nothing });
}

/** An engine that answers at all does so at once; one that hangs would be waited for without end. */
const silenceMilliseconds = 20_000;

function silent(where: string, what: string): Error {
  const seconds = silenceMilliseconds / 1_000;
  const message = `The Docker engine of ${where} said nothing for ${seconds} s when asked to ${what}. Restart Docker there.`;
  return failure('Unreachable', message);
}
