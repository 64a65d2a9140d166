import { failure } from '../../contracts/failure.ts';
import type { OperationContext, OperationResult } from '../../contracts/operation.ts';
import type { SecretStore } from '../../store/secrets.ts';
import type { Tools } from '../operation.ts';
import { type Redact, redactor } from '../redaction.ts';
import { endpointName, hostEndpoint } from '../ssh/endpoint.ts';
import type { SshConnection, SshEndpoint } from '../ssh/pool.ts';
import { fabricEndpoint } from './fabric-env.ts';
import { askHost, type Answer, type RunRequest } from './host-program.ts';
import { parseScriptInputs, type ScriptInputs } from './inputs.ts';
import { interrupted, refuseFailure, resultOf, secretsOf, type Ended } from './outcome.ts';
import { runRequest, scriptName } from './request.ts';
import { actingInstance } from './views.ts';

/**
 * Runs a script or commands on the machine of the instance, under the step's idempotency key: a retry goes
 * on with the script that runs there, or takes the result that was kept. Fails as ScriptFailed.
 */
export async function runScript(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const instance = actingInstance(context);
  const inputs = parseScriptInputs(context.inputs, instance.id);
  const endpoint = whereToRun(context, inputs);
  const what = `The script ${scriptName(inputs)} of ${instance.id} on ${endpointName(endpoint)}`;
  const request = await runRequest(context, inputs, endpoint, tools);

  tools.heartbeat({ script: scriptName(inputs), on: endpointName(endpoint) });
  const connection = await tools.ssh.connect(endpoint, tools.signal);
  const ended = await runOnHost(connection, endpoint, request, what, context, tools);
  const redact = redactor(await madeSecrets(ended, context, tools.secrets));
  report(ended, redact, inputs.hidden, what, tools);
  refuseFailure(ended, inputs.final, what, redact);
  await keepSecrets(connection, endpoint, request, ended, context, tools);
  return resultOf(context, ended);
}

function whereToRun(context: OperationContext, inputs: ScriptInputs): SshEndpoint {
  const instance = actingInstance(context);
  const asked = fabricEndpoint(inputs.fabric, instance);
  if (asked !== undefined) return asked;
  if (instance.host !== null) return hostEndpoint(instance.host, instance.id);
  throw failure(
    'OperationInputInvalid',
    `The script ${scriptName(inputs)} of ${instance.id} has no machine to run on, and scripts do not run on the worker. Put the node into a Compute with cloudify.relationships.contained_in.`,
  );
}

/** Told again when a secret that it made is neither on the host any more nor in the store. */
async function runOnHost(
  connection: SshConnection,
  endpoint: SshEndpoint,
  request: RunRequest,
  what: string,
  context: OperationContext,
  tools: Tools,
): Promise<Ended> {
  const ended = endedWell(await stoppable(connection, endpoint, request, tools), what);
  if (ended.status !== 0 || (await allSecretsThere(ended, context, tools.secrets))) return ended;
  return endedWell(await stoppable(connection, endpoint, { ...request, again: true }, tools), what);
}

const stopMilliseconds = 15_000;

/** A cancelled operation ends its script; a worker that shuts down leaves it to the next attempt. */
async function stoppable(
  connection: SshConnection,
  endpoint: SshEndpoint,
  request: RunRequest,
  tools: Tools,
): Promise<Answer> {
  try {
    return await askHost(connection, endpoint, request, tools.signal);
  } catch (error) {
    if (tools.signal.aborted && !goesOnElsewhere(tools.signal.reason)) {
      const { run, key } = request;
      await askHost(
        connection,
        endpoint,
        { action: 'stop', run, key },
        AbortSignal.timeout(stopMilliseconds),
      );
    }
    throw error;
  }
}

/** Reasons that the Temporal worker gives when the same step will be tried again, or already is. */
const otherAttempts: readonly string[] = ['WORKER_SHUTDOWN', 'NOT_FOUND', 'PAUSED', 'RESET'];

function goesOnElsewhere(reason: unknown): boolean {
  return reason instanceof Error && otherAttempts.includes(reason.message);
}

function endedWell(answer: Answer, what: string): Ended {
  if (answer.state === 'ended') return answer;
  if (answer.state === 'interrupted') {
    throw interrupted(what, redactor(Object.values(answer.secrets))(answer.output));
  }
  throw failure('Superseded', `${what} was stopped: another execution runs the same step.`);
}

async function allSecretsThere(
  ended: Ended,
  context: OperationContext,
  store: SecretStore,
): Promise<boolean> {
  for (const { name, value } of secretsOf(context, ended)) {
    if (value === undefined && !(await store.list(name)).includes(name)) return false;
  }
  return true;
}

/** What it made may be among what it printed, also when it is told again and the secret is in the store by now. */
async function madeSecrets(
  ended: Ended,
  context: OperationContext,
  store: SecretStore,
): Promise<readonly string[]> {
  const values = Object.values(ended.secrets);
  for (const { name, value } of secretsOf(context, ended)) {
    if (value === undefined && (await store.list(name)).includes(name)) values.push(await store.get(name));
  }
  return values;
}

function report(ended: Ended, redact: Redact, hidden: boolean, what: string, tools: Tools): void {
  for (const change of ended.changes) {
    if ('log' in change) tools.log(redact(`${change.level}: ${change.log}`));
  }
  const output = redact(ended.output);
  if (!hidden && output.trim() !== '') tools.log(`${what} printed:\n${output.trimEnd()}`);
}

/** Into the store first, only then off the host. */
async function keepSecrets(
  connection: SshConnection,
  endpoint: SshEndpoint,
  { run, key }: RunRequest,
  ended: Ended,
  context: OperationContext,
  tools: Tools,
): Promise<void> {
  if (Object.keys(ended.secrets).length === 0) return;
  for (const { name, value } of secretsOf(context, ended)) {
    if (value !== undefined) await tools.secrets.put(name, value);
  }
  await askHost(connection, endpoint, { action: 'forget-secrets', run, key }, tools.signal);
}
