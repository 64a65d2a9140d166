/**
 * Every way in which an execution or an operation can fail: the `type` of the failure that Temporal
 * carries, and what the command line, the documentation and the tests know it by.
 * `retryable`: whether trying the same thing again may help. `exit`: the command's exit status.
 */
export const errorCodes = {
  InvalidInput: entry(
    false,
    2,
    'The input of a workflow is not what it must be.',
    'Correct what the message names.',
  ),
  ConfigurationInvalid: entry(
    false,
    2,
    'The configuration of the worker or the command is not what it must be.',
    'Correct the environment variable or the profile that the message names.',
  ),
  BlueprintNotFound: entry(
    false,
    2,
    'There is no blueprint file at that path.',
    'Give the path of its main file; a worker looks below its own blueprint folder.',
  ),
  BlueprintInvalid: entry(
    false,
    2,
    'The blueprint has errors; nothing was touched.',
    'Correct each place that is listed; `braid validate` shows them all.',
  ),
  DeploymentNotFound: entry(
    false,
    1,
    'There is no deployment of that name.',
    '`braid list` shows the deployments; `braid install` makes one.',
  ),
  DeploymentExists: entry(
    false,
    1,
    'A deployment of that name exists with another blueprint or other inputs.',
    'Choose another name, or uninstall the one that exists.',
  ),
  DeploymentBusy: entry(
    false,
    1,
    'Another execution is working on the deployment.',
    'Wait for the execution that is named, or cancel it.',
  ),
  DeploymentInUse: entry(
    false,
    1,
    'Other deployments use this one.',
    'Uninstall the consumers that are named first, or force it.',
  ),
  Superseded: entry(
    false,
    1,
    'A later execution took the deployment over.',
    'Follow the execution that is named.',
  ),
  CapabilityMissing: entry(
    false,
    1,
    'A deployment lacks the output or capability that is asked of it.',
    'Use one of those that are listed.',
  ),
  OperationUnknown: entry(
    false,
    1,
    'No worker offers the operation’s implementation.',
    'Start a worker that offers it, or correct the implementation.',
  ),
  AttributeUnresolved: entry(
    false,
    1,
    'A function could not be evaluated when its operation was to run.',
    'Check the node and attribute that are named.',
  ),
  OperationInputInvalid: entry(
    false,
    1,
    'A property or input of the node is not what its operation needs.',
    'Correct the property that is named.',
  ),
  SecretNotFound: entry(
    false,
    1,
    'The secret store has no secret of that name.',
    'Create the secret, or correct its name.',
  ),
  Unowned: entry(
    false,
    1,
    'Something of that name exists that is not this deployment’s of this installation of Braid.',
    'Remove or rename it, or ask for its adoption.',
  ),
  NotReady: entry(
    true,
    1,
    'Something was made but did not become ready in time.',
    'Read what it reported; run the execution again to go on.',
  ),
  Unreachable: entry(
    true,
    1,
    'A machine or service does not answer.',
    'Check its address and the network, then run the execution again.',
  ),
  Unauthorized: entry(
    false,
    1,
    'The credentials were refused.',
    'Check the user, the key or the certificate that is named.',
  ),
  PayloadRefused: entry(
    false,
    1,
    'Something came by Temporal that was not encrypted with the payload key for where it came.',
    'Start workflows by `braid`, or through the codec server. If nobody did otherwise, somebody reaches Temporal who should not.',
  ),
  HostKeyMismatch: entry(
    false,
    1,
    'The machine’s SSH host key is not the one expected.',
    'Find out why it changed before anything else.',
  ),
  ScriptFailed: entry(
    true,
    1,
    'A script or command ended with an error.',
    'Read its output; mend the cause and run the execution again.',
  ),
  AnswerUnusable: entry(
    true,
    1,
    'A host or a system answered more than is read of it, or what is not understood.',
    'Look at what it answers by hand; one that may have been taken over is to be made anew.',
  ),
  ProviderFailed: entry(
    true,
    1,
    'The provider of machines or networks could not do it.',
    'Read its message; run the execution again.',
  ),
  ProviderUnavailable: entry(
    true,
    1,
    'The provider of machines and networks does not answer.',
    'Start it (`braid lab status` tells), then run the execution again.',
  ),
  NoHostFree: entry(
    false,
    1,
    'A pool has no free host of the kind that is asked for.',
    'Uninstall what holds one, or add a host to the pool, then run the execution again.',
  ),
  ResourceRejected: entry(
    false,
    1,
    'A cluster refused what was applied.',
    'Correct the manifest or the service that is named.',
  ),
  TrafficUnexpected: entry(
    false,
    1,
    'Traffic did not go as it must.',
    'Compare what was expected with what was got.',
  ),
  StoreFailed: entry(
    true,
    1,
    'The worker’s store could not be written.',
    'Make room or mend the folder that is named, then run the execution again.',
  ),
  OperationsFailed: entry(
    false,
    1,
    'Operations failed; the deployment stays as it is.',
    'Mend the cause and run the same execution again: it goes on from there.',
  ),
  TemporalUnreachable: entry(true, 1, 'No Temporal server answers.', 'Start it, or correct the address.'),
  NoWorker: entry(true, 1, 'No worker polls the task queue.', 'Start one with `braid worker`.'),
  Internal: entry(true, 1, 'Braid itself made a mistake.', 'Please report it with the message.'),
} as const;

export type ErrorCode = keyof typeof errorCodes;

type Entry = {
  readonly retryable: boolean;
  readonly exit: 1 | 2;
  readonly meaning: string;
  readonly remedy: string;
};

function entry(retryable: boolean, exit: 1 | 2, meaning: string, remedy: string): Entry {
  return { retryable, exit, meaning, remedy };
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}
