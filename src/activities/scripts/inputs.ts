import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import { isJsonObject, jsonSchema, type Json, type JsonObject } from '../../contracts/json.ts';

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
  /** Another host than the instance's own machine: the shape of the runtime property `ssh`. */
  readonly elsewhere: JsonObject | undefined;
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
    })
    .default({ env: {}, args: [] }),
  use_sudo: z.boolean().default(false),
  non_recoverable_error_exit_codes: z.array(z.number().int()).default([]),
  fabric_env: z.record(z.string(), jsonSchema).default({}),
});

/** Understood by Cloudify and of no use here. */
const ignored: readonly string[] = ['hide_output', 'ssl_cert_content'];

/** Fails as OperationInputInvalid. Every input that is not known becomes a variable of the environment. */
export function parseScriptInputs(inputs: JsonObject, who: string): ScriptInputs {
  const parsed = inputsSchema.safeParse(inputs);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw failure(
      'OperationInputInvalid',
      `The inputs of a script of ${who} are wrong: ${fields.join('; ')}.`,
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
    elsewhere: elsewhereOf(rest.fabric_env),
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

/** Fabric's own words for a host; without a host key it says nothing that Braid may trust. */
function elsewhereOf(environment: JsonObject): JsonObject | undefined {
  if (!isJsonObject(environment) || environment['host_key'] === undefined) return undefined;
  const { host, host_string: hostString, port = 22, user, key, host_key: hostKey } = environment;
  return { host: host ?? hostString ?? '', port, user: user ?? '', key: key ?? '', host_key: hostKey };
}
