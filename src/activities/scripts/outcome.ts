import { failure } from '../../contracts/failure.ts';
import type { OperationContext, OperationResult, RuntimePatch } from '../../contracts/operation.ts';
import { secretReference, type Value } from '../../contracts/sealed.ts';
import { scriptSecret } from '../../contracts/secret-names.ts';
import type { Answer, Change } from './host-program.ts';
import type { Redact } from '../redaction.ts';
import { instancesOf } from './views.ts';

export type Ended = Extract<Answer, { state: 'ended' }>;
export type NewSecret = { readonly name: string; readonly value: string | undefined };

/** The secrets that a script made, with the names that the secret store gets. Undefined: told before. */
export function secretsOf(context: OperationContext, ended: Ended): readonly NewSecret[] {
  return ended.changes.flatMap((change) =>
    'secret' in change
      ? [{ name: secretName(context, change), value: ended.secrets[`${change.scope}:${change.key}`] }]
      : [],
  );
}

/** The changes of runtime properties, and what the script returns. */
export function resultOf(context: OperationContext, { changes }: Ended): OperationResult {
  const returned = changes.findLast((change) => 'returns' in change);
  const patch = (scope: string): RuntimePatch => patchOf(context, changes, scope);
  return {
    ...(context.subject.kind === 'node'
      ? { runtimeProperties: patch('self') }
      : { sourceRuntimeProperties: patch('source'), targetRuntimeProperties: patch('target') }),
    ...(returned === undefined ? {} : { result: returned.returns }),
  };
}

/** Fails as ScriptFailed when the script did, or asked for it. */
export function refuseFailure(ended: Ended, final: readonly number[], what: string, redact: Redact): void {
  const output = redact(ended.output);
  for (const change of ended.changes) {
    if ('abort' in change) throw failed(`${what} gave up: ${redact(change.abort)}`, output, false);
    if ('retry' in change)
      throw failed(`${what} wants to be run again: ${redact(change.retry)}`, output, true);
  }
  if (ended.status === 0) return;
  throw failed(`${what} ended with status ${ended.status}.`, output, !final.includes(ended.status));
}

/** What no retry needs to be told of: it was ended by someone else, or with its machine. */
export function interrupted(what: string, output: string) {
  return failed(`${what} was ended from outside, or its machine went down.`, output, true);
}

function failed(sentence: string, output: string, retryable: boolean) {
  const lines = lastLines(output);
  const told = lines === '' ? 'It printed nothing.' : `Its last lines:\n${lines}`;
  return failure('ScriptFailed', `${sentence} ${told}`, { retryable });
}

function lastLines(output: string): string {
  return output.trimEnd().slice(-4_000).split('\n').slice(-25).join('\n');
}

function patchOf(context: OperationContext, changes: readonly Change[], scope: string): RuntimePatch {
  const patch = new Map<string, Value>();
  for (const change of changes) {
    if ('set' in change && change.scope === scope) patch.set(change.key, change.set);
    if ('secret' in change && change.scope === scope) {
      patch.set(change.key, secretReference(secretName(context, change)));
    }
  }
  // Not set one by one: a key may be called `__proto__`.
  return Object.fromEntries(patch);
}

function secretName(context: OperationContext, { scope, key }: { scope: string; key: string }): string {
  const instance = instancesOf(context)[scope];
  if (instance === undefined)
    throw failure('ScriptFailed', `A script set a secret of ${scope}, which is not there.`);
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/.test(key)) {
    throw failure(
      'ScriptFailed',
      `A script set a secret of ${instance.id} by the name ${JSON.stringify(key.slice(0, 80))}. Use letters, digits, ".", "_" and "-".`,
      { retryable: false },
    );
  }
  return scriptSecret(context.deployment, instance.id, key);
}
