import { failure } from '../../contracts/failure.ts';
import type { Tools } from '../operation.ts';
import type { SshConnection } from '../ssh/pool.ts';

const statusFile = '/var/lib/braid/userdata.status';
const logFile = '/var/lib/braid/userdata.log';
const longest = 15 * 60_000;

/** Waits on the machine itself, for some seconds at most: a wait that nobody listens to any more ends soon. */
const waitForStatus = `i=0; while [ ! -s ${statusFile} ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done; cat ${statusFile} 2>/dev/null || true`;

/**
 * Waits until the machine's userdata has ended. Fails as ScriptFailed, for good, with the end of its output
 * (userdata runs once), or as NotReady after a quarter of an hour.
 */
export async function awaitUserdata(name: string, connection: SshConnection, tools: Tools): Promise<void> {
  const began = Date.now();
  while (Date.now() - began < longest) {
    tools.heartbeat(`machine ${name} runs its userdata`);
    const { stdout } = await connection.run(waitForStatus, tools.signal, {
      sudo: true,
      purpose: 'tell how its userdata ended',
    });
    const status = stdout.trim().slice(0, 20);
    if (status === '0') return;
    if (status !== '') throw await userdataFailed(name, status, connection, tools);
  }
  throw failure('NotReady', `the userdata of machine ${name} has not ended in a quarter of an hour`, {
    details: { machine: name, log: await tailOfLog(connection, tools) },
  });
}

async function userdataFailed(
  name: string,
  status: string,
  connection: SshConnection,
  tools: Tools,
): Promise<Error> {
  const log = await tailOfLog(connection, tools);
  return failure(
    'ScriptFailed',
    `the userdata of machine ${name} ended with status ${status}; its output ended:\n${log}`,
    {
      retryable: false,
      details: { machine: name, status: Number(status), log },
    },
  );
}

async function tailOfLog(connection: SshConnection, tools: Tools): Promise<string> {
  const { stdout } = await connection.run(`tail -c 2000 ${logFile}`, tools.signal, {
    sudo: true,
    purpose: 'tell the end of its userdata’s output',
  });
  return stdout.trim();
}
