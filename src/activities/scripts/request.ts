import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { failure } from '../../contracts/failure.ts';
import type { OperationContext } from '../../contracts/operation.ts';
import type { BlueprintStore } from '../../store/blueprints.ts';
import type { Tools } from '../operation.ts';
import type { SshEndpoint } from '../ssh/pool.ts';
import { ctxProgram, pythonModules, type RunRequest } from './host-program.ts';
import type { ScriptInputs } from './inputs.ts';
import { contextForScript, instancesOf } from './views.ts';

/** A blueprint's files travel with a script that asks for them; images and the like have no place there. */
const resourcesLimit = 16 * 1024 * 1024;

/** Everything that the host needs, so that one command does it all. */
export async function runRequest(
  context: OperationContext,
  inputs: ScriptInputs,
  endpoint: SshEndpoint,
  { blueprints, attempt, redact }: Pick<Tools, 'blueprints' | 'attempt' | 'redact'>,
): Promise<RunRequest> {
  const script = await scriptOf(inputs, context, blueprints);
  const path = `script/${posix.basename(scriptName(inputs))}`;
  const user = inputs.sudo ? 'root' : endpoint.user;
  return {
    action: 'run',
    run: runName(context),
    key: context.idempotencyKey,
    again: false,
    user,
    files: [
      file(path, script, 0o700),
      file('bin/ctx', Buffer.from(ctxProgram), 0o755),
      ...modules(script),
      ...(await resources(script, context, blueprints)),
    ],
    context: contextForScript(context, inputs.parameters, attempt),
    process: {
      user,
      script: path,
      prefix: inputs.prefix,
      arguments: inputs.arguments,
      environment: inputs.environment,
      folder: inputs.folder ?? null,
      final: inputs.final,
      secrets: [...Object.values(inputs.environment), ...inputs.arguments].filter(
        (value) => redact(value) !== value,
      ),
    },
  };
}

/** `scripts/start.sh`, for people. */
export function scriptName({ what }: ScriptInputs): string {
  return what.kind === 'file' ? what.path : what.name;
}

/** One place a step of an instance: another execution of the same step finds what runs there. */
function runName(context: OperationContext): string {
  const instances = Object.values(instancesOf(context)).map(({ id }) => id);
  const side = context.subject.kind === 'relationship' ? context.subject.side : '';
  const step = JSON.stringify([context.deployment, instances, side, context.operation]);
  return createHash('sha256').update(step).digest('hex').slice(0, 20);
}

async function scriptOf(inputs: ScriptInputs, context: OperationContext, blueprints: BlueprintStore) {
  if (inputs.what.kind === 'text') return Buffer.from(inputs.what.text);
  if (await blueprints.exists(context.blueprint, inputs.what.path)) {
    return blueprints.read(context.blueprint, inputs.what.path);
  }
  throw failure(
    'OperationInputInvalid',
    `The blueprint has no file ${inputs.what.path}, which is to be run.`,
  );
}

/** For Python that asks for them. */
function modules(script: Buffer): RunRequest['files'] {
  if (!/^\s*(from|import) cloudify\b/m.test(script.toString('utf8'))) return [];
  return pythonModules.map(({ path, text }) => file(`python/${path}`, Buffer.from(text), 0o644));
}

async function resources(script: Buffer, context: OperationContext, blueprints: BlueprintStore) {
  if (!/download[-_]resource|get[-_]resource/.test(script.toString('utf8'))) return [];
  const files: RunRequest['files'][number][] = [];
  let size = 0;
  for (const path of await blueprints.list(context.blueprint)) {
    const content = await blueprints.read(context.blueprint, path);
    size += content.length;
    if (size > resourcesLimit) {
      throw failure(
        'OperationInputInvalid',
        'A script downloads resources, but the blueprint holds more than 16 MiB. Keep large files elsewhere.',
      );
    }
    files.push(file(`resources/${path}`, content, 0o644));
  }
  return files;
}

function file(path: string, content: Buffer, mode: number): RunRequest['files'][number] {
  return { path, content: content.toString('base64'), mode };
}
