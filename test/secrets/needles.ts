import { z } from 'zod';
import { parse } from 'yaml';

/** A secret in one of the forms in which it might be found somewhere. */
export type Needle = {
  readonly secret: string;
  readonly form: string;
  readonly text: string;
};

/** What to look for. Every text is on one line, however the secret is written. */
export function needlesOf(secret: string, value: string): readonly Needle[] {
  const trimmed = value.trim();
  const forms: readonly (readonly [string, string])[] = [
    ['base64', base64(value)],
    ['base64, trimmed', base64(trimmed)],
    ['base64, with newline', base64(`${trimmed}\n`)],
    ['JSON', JSON.stringify(trimmed).slice(1, -1)],
    ['one line', trimmed.replaceAll('\n', '')],
    ['one line, with spaces', trimmed.replaceAll('\n', ' ')],
    ...keysOf(value).flatMap((key) => [
      ['base64 of the key', base64(key)] as const,
      ...linesOf(key).map((line) => ['line of the key', line] as const),
    ]),
  ];
  return forms.map(([form, text]) => ({ secret, form, text }));
}

const kubeconfigSchema = z.object({
  users: z.array(z.object({ user: z.object({ 'client-key-data': z.string() }) })),
});

/** Private keys, also those within a kubeconfig. */
function keysOf(value: string): readonly string[] {
  if (value.startsWith('-----BEGIN')) return [value];
  if (!value.includes('client-key-data')) return [];
  const { users } = kubeconfigSchema.parse(parse(value));
  return users.map(({ user }) => Buffer.from(user['client-key-data'], 'base64').toString());
}

/** Without the armour, and without what is the same in every key of OpenSSH’s format. */
function linesOf(key: string): readonly string[] {
  const lines = key.split('\n').filter((line) => line.length >= 16 && !line.startsWith('-----'));
  return lines.filter((line) => !line.startsWith(base64('openssh-key-v1')));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
