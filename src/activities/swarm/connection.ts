import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';
import Dockerode from 'dockerode';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Json } from '../../contracts/json.ts';
import { jsonObjectSchema } from '../../contracts/json-schemas.ts';
import { beforeEffect } from '../lease.ts';
import type { Tools } from '../operation.ts';
import { untilAborted } from '../ssh/abort.ts';
import { endpointOf } from '../ssh/endpoint.ts';
import type { SshConnection } from '../ssh/pool.ts';
import { swarmApi, type SwarmApi } from './api.ts';
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
  const agent = agentOver(connection, tools.signal);
  const options = { protocol: 'http', socketPath: where, agent } as const;
  const docker = new Dockerode(options);
  try {
    return await use(swarmApi(docker, where, attemptAt(where, tools.signal)));
  } finally {
    agent.destroy();
  }
}

function parseManager(manager: Json | undefined): z.infer<typeof managerSchema> {
  const parsed = managerSchema.safeParse(manager);
  if (parsed.success) return parsed.data;
  const message =
    'The Microservice knows no Swarm manager. Give it the relationship cloudify.swarm.relationships.microservice_contained_in_manager to a Manager, or to a proxy or component whose outputs hold swarm_info.';
  throw failure('OperationInputInvalid', message, { details: { problem: z.prettifyError(parsed.error) } });
}

/** An HTTP agent whose sockets are streams to the engine's own socket. */
function agentOver(connection: SshConnection, signal: AbortSignal): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const dial = callbackify(async () => asSocket(await connection.stream(dialCommand, signal)));
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

function attemptAt(where: string, signal: AbortSignal) {
  return async <Result>(what: string, call: () => Promise<Result>): Promise<Result> => {
    signal.throwIfAborted();
    await beforeEffect();
    const silence = AbortSignal.timeout(silenceMilliseconds);
    try {
      return await untilAborted(call(), AbortSignal.any([signal, silence]));
    } catch (error) {
      signal.throwIfAborted();
      throw silence.aborted ? silent(where, what) : swarmFailure(where, what, error);
    }
  };
}

function silent(where: string, what: string): Error {
  const seconds = silenceMilliseconds / 1_000;
  const message = `The Docker engine of ${where} said nothing for ${seconds} s when asked to ${what}. Restart Docker there.`;
  return failure('Unreachable', message);
}
