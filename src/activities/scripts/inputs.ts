import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import { jsonSchema } from '../../contracts/json-schemas.ts';
import { problemsOf } from '../../contracts/problems.ts';

/** What is to be run, and how; the words are Cloudify's. */
export type ScriptInputs = {
  readonly what:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'text'; readonly text: string; readonly name: string };
  readonly environment: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
  /** Undefined: the user's home. */
  readonly folder: string | undefined;
  /** Words put before the script, `bash -x`. */
  readonly prefix: string;
  readonly sudo: boolean;
  /** Exit statuses that no retry will mend. */
  readonly final: readonly number[];
  /** The variables of the environment as they are in the blueprint. */
  readonly parameters: JsonObject;
  /** Whether what it prints is kept out of the log. */
  readonly hidden: boolean;
  /** Fabric's words for a host, or for how the instance's own machine is reached otherwise. */
  readonly fabric: JsonObject;
};

const argument = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const inputsSchema = z.object({
  script_path: z.string().min(1).optional(),
  script_source: z.string().min(1).optional(),
  commands: z.array(z.string().min(1)).min(1).optional(),
  process: z
    .object({
      env: z.record(z.string(), jsonSchema).default({}),
      args: z.union([z.array(argument), z.string()]).default([]),
      cwd: z.string().nullish(),
      base_dir: z.string().nullish(),
      command_prefix: z.string().nullish(),
      log_stdout: z.boolean().default(true),
    })
    .prefault({}),
  use_sudo: z.boolean().default(false),
  non_recoverable_error_exit_codes: z.array(z.number().int()).default([]),
  fabric_env: z.record(z.string(), jsonSchema).default({}),
  hide_output: z.union([z.boolean(), z.string(), z.array(z.string())]).default([]),
});

/** Understood by Cloudify and of no use here. */
const ignored: readonly string[] = ['ssl_cert_content'];

/** Fails as OperationInputInvalid. Every input that is not known becomes a variable of the environment. */
export function parseScriptInputs(inputs: JsonObject, who: string): ScriptInputs {
  const parsed = inputsSchema.safeParse(inputs);
  if (!parsed.success) {
    throw failure(
      'OperationInputInvalid',
      `The inputs of a script of ${who} are wrong: ${problemsOf(parsed.error).join('; ')}.`,
    );
  }
  const { process, use_sudo: sudo, non_recoverable_error_exit_codes: final, ...rest } = parsed.data;
  return {
    what: whatToRun(rest, who),
    environment: { ...environmentOf(variables(inputs)), ...environmentOf(process.env) },
    arguments: typeof process.args === 'string' ? process.args.split(/\s+/).filter(Boolean) : process.args,
    folder: process.cwd ?? process.base_dir ?? undefined,
    prefix: process.command_prefix ?? '',
    sudo,
    final,
    parameters: variables(inputs),
    hidden: !process.log_stdout || hides(rest.hide_output),
    fabric: rest.fabric_env,
  };
}

type Sources = Pick<z.infer<typeof inputsSchema>, 'script_path' | 'script_source' | 'commands'>;

function whatToRun(sources: Sources, who: string): ScriptInputs['what'] {
  const { script_path: path, script_source: text, commands } = sources;
  const given = [path, text, commands].filter((source) => source !== undefined);
  if (given.length === 1) {
    if (path !== undefined) return { kind: 'file', path };
    if (text !== undefined) return { kind: 'text', text, name: 'script' };
    if (commands !== undefined) return { kind: 'text', text: asScript(commands), name: 'commands' };
  }
  throw failure(
    'OperationInputInvalid',
    `A script of ${who} needs one of the inputs script_path, script_source and commands, and has ${given.length}.`,
  );
}

/** Each in a shell of its own, until one fails. */
function asScript(commands: readonly string[]): string {
  return ['#!/bin/sh', ...commands.map((command) => `(\n${command}\n) || exit $?`), ''].join('\n');
}

function variables(inputs: JsonObject): JsonObject {
  const known = [...Object.keys(inputsSchema.shape), ...ignored];
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !known.includes(name)));
}

/** What no shell could name is left out. */
function environmentOf(values: JsonObject): Record<string, string> {
  const entries = Object.entries(values).filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Fabric has names for kinds of output; what a script prints is not told apart here. */
function hides(output: boolean | string | readonly string[]): boolean {
  if (typeof output === 'boolean') return output;
  const kinds = typeof output === 'string' ? [output] : output;
  return kinds.some((kind) => ['both', 'everything', 'output', 'stdout', 'stderr'].includes(kind));
}
