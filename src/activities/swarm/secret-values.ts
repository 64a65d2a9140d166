import { isJsonObject, type Json } from '../../contracts/json.ts';
import type { SecretStore } from '../../store/secrets.ts';

export type Resolved = {
  readonly value: Json;
  /** Takes the secrets out of a text that someone else wrote, such as a container's log. */
  readonly redact: (text: string) => string;
};

/** The same JSON with every `{get_secret: name}` replaced by its value, which must go nowhere but to the engine. */
export async function resolveSecrets(json: Json, secrets: SecretStore): Promise<Resolved> {
  const values: string[] = [];
  const value = await resolve(json, async (name) => {
    const secret = await secrets.get(name);
    values.push(secret);
    return secret;
  });
  return { value, redact: (text) => values.reduce((redacted, secret) => hide(redacted, secret), text) };
}

async function resolve(json: Json, read: (name: string) => Promise<string>): Promise<Json> {
  if (Array.isArray(json)) return Promise.all(json.map((element: Json) => resolve(element, read)));
  if (!isJsonObject(json)) return json;
  const keys = Object.keys(json);
  if (keys.length === 1 && typeof json['get_secret'] === 'string') return read(json['get_secret']);
  const entries = await Promise.all(
    keys.map(async (key) => [key, await resolve(json[key] ?? null, read)] as const),
  );
  const resolved = Object.fromEntries(entries);
  return keys.length === 1 && Array.isArray(resolved['concat']) ? resolved['concat'].join('') : resolved;
}

/** Very short ones would blacken every text, and give nothing away. */
function hide(text: string, secret: string): string {
  return secret.length < 4 ? text : text.replaceAll(secret, '[secret]');
}
