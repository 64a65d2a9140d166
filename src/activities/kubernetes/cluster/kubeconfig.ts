import { CORE_SCHEMA, load } from 'js-yaml';
import { z } from 'zod';
import type { KubeconfigRight } from '../../../connection/settings.ts';
import { failure } from '../../../contracts/failure.ts';

/** The current context of a kubeconfig. */
export type Kubeconfig = {
  readonly namespace: string;
  readonly cluster: z.infer<typeof clusterSchema>;
  readonly user: z.infer<typeof userSchema>;
};

const longest = 256 * 1024;

/**
 * Reads a kubeconfig's text by a list of known keys, before anything acts by it. What makes the worker read its own
 * files, run a program, speak for somebody else or ask somewhere else is refused, but for what the operator allows.
 * Fails as OperationInputInvalid, without quoting a value.
 */
export function parseKubeconfig(text: string, allowed: ReadonlySet<KubeconfigRight>): Kubeconfig {
  const whole = checked(outlineSchema, parse(text), '');
  const context = entryOf(whole.contexts, whole['current-context']);
  if (context === undefined) throw invalid('has no current context');
  const current = checked(contextSchema, context.context, 'context');
  const cluster = entryOf(whole.clusters, current.cluster)?.cluster;
  const user = entryOf(whole.users, current.user)?.user;
  if (cluster === undefined || user === undefined)
    throw invalid('has no current context with a cluster and a user');
  for (const each of [cluster, user]) refuseRisks(each, allowed);
  return {
    namespace: current.namespace ?? 'default',
    cluster: checked(clusterSchema, cluster, 'cluster'),
    user: checked(userSchema, user, 'user'),
  };
}

/** Empty ones say nothing, as to kubectl. */
const keys = z
  .record(z.string(), z.unknown())
  .transform((entries) =>
    Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== '' && value !== null)),
  );
/** What other programs write there is for themselves; the list of them is never looked into. */
const ignored = z.unknown().optional();

const outlineSchema = keys.pipe(
  z.strictObject({
    apiVersion: z.literal('v1').optional(),
    kind: z.literal('Config').optional(),
    preferences: ignored,
    extensions: ignored,
    'current-context': z.string(),
    contexts: z.array(z.strictObject({ name: z.string(), context: keys })),
    clusters: z.array(z.strictObject({ name: z.string(), cluster: keys })),
    users: z.array(z.strictObject({ name: z.string(), user: keys })),
  }),
);
const contextSchema = z.strictObject({
  cluster: z.string(),
  user: z.string(),
  namespace: z.string().optional(),
  extensions: ignored,
});
const path = z.string().regex(/^\//, 'must be an absolute path');
const header = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, 'must be one word');
/** In lines of any length. */
const base64 = z
  .string()
  .transform((text) => text.replaceAll(/\s/gu, ''))
  .pipe(z.base64('must be base64'));
const clusterSchema = z.strictObject({
  server: z.url({ protocol: /^https$/, error: 'must be an https URL; without TLS nothing is asked' }),
  'certificate-authority-data': base64.optional(),
  'certificate-authority': path.optional(),
  'tls-server-name': z.string().optional(),
  'insecure-skip-tls-verify': z.literal(false).optional(),
  'proxy-url': z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL; no other proxy is known' })
    .optional(),
  'disable-compression': z.boolean().optional(),
  extensions: ignored,
});
const execSchema = z.strictObject({
  apiVersion: z.literal(['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1']),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).nullish(),
  interactiveMode: z.literal(['Never', 'IfAvailable']).optional(),
  installHint: z.string().optional(),
  provideClusterInfo: z.literal(false).optional(),
});
const userSchema = z.strictObject({
  token: header.optional(),
  tokenFile: path.optional(),
  'client-certificate-data': base64.optional(),
  'client-certificate': path.optional(),
  'client-key-data': base64.optional(),
  'client-key': path.optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  exec: execSchema.optional(),
  as: header.optional(),
  'as-uid': header.optional(),
  'as-groups': z.array(header).optional(),
  extensions: ignored,
});

type Risk = {
  readonly keys: readonly string[];
  readonly does: string;
  /** Undefined: nobody can allow it. */
  readonly right?: KubeconfigRight;
  readonly instead: string;
};

const risks: readonly Risk[] = [
  {
    keys: ['tokenFile', 'token-file', 'client-certificate', 'client-key', 'certificate-authority'],
    does: 'names files',
    right: 'files',
    instead: 'embed the data (kubectl config view --flatten), and a token as token',
  },
  {
    keys: ['exec'],
    does: 'runs a command to log in',
    right: 'exec',
    instead: 'give the token of a service account',
  },
  {
    keys: ['as', 'as-uid', 'as-groups', 'as-user-extra'],
    does: 'speaks for somebody else',
    right: 'impersonation',
    instead: 'give the credentials of whom is meant',
  },
  {
    keys: ['auth-provider'],
    does: 'asks a provider to log in',
    instead: 'give the token of a service account',
  },
  {
    keys: ['proxy-url'],
    does: 'goes through a proxy',
    right: 'proxy',
    instead: 'run a worker where the cluster is',
  },
];

function refuseRisks(entry: Readonly<Record<string, unknown>>, allowed: ReadonlySet<KubeconfigRight>): void {
  if (entry['insecure-skip-tls-verify'] === true)
    throw invalid('turns TLS verification off (insecure-skip-tls-verify)');
  for (const { keys: risky, does, right, instead } of risks) {
    const found = risky.find((key) => entry[key] !== undefined);
    if (found === undefined || (right !== undefined && allowed.has(right))) continue;
    const unless =
      right === undefined ? '' : `, or let the operator allow it (BRAID_KUBECONFIG_ALLOW=${right})`;
    throw invalid(`${does} (${found}); ${instead}${unless}`);
  }
}

/**
 * By the parser that takes time in proportion to the text, whatever is in it. An alias is refused: a kubeconfig has
 * none, and a few of them are any number of values.
 */
function parse(text: string): unknown {
  if (text.length > longest) throw invalid(`is longer than ${longest / 1024} KiB`);
  try {
    return load(text, { schema: CORE_SCHEMA, maxAliases: 0 });
  } catch {
    // The parser's own words would quote the text, which is a secret.
    throw invalid('cannot be read');
  }
}

function checked<Value>(schema: z.ZodType<Value>, value: unknown, where: string): Value {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const at = [where, ...(issue?.path ?? []).map(String)].filter((part) => part !== '').join('.');
  if (issue?.code === 'unrecognized_keys')
    throw invalid(
      `has ${issue.keys.map(keyName).join(', ')} at ${at || 'its top'}, which Braid does not know`,
    );
  throw invalid(`is wrong at ${at || 'its top'}: ${issue?.message ?? ''}`);
}

/** What is no usual key may be a value that slipped. */
function keyName(key: string): string {
  return /^[A-Za-z-]{1,40}$/.test(key) ? `the key ${key}` : 'a strange key';
}

function entryOf<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  name: string,
): Entry | undefined {
  return entries.find((entry) => entry.name === name);
}

export function invalid(what: string): Error {
  return failure('OperationInputInvalid', `The kubeconfig ${what}.`);
}
