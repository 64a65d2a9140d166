import { isJsonObject, type Json } from '../contracts/json.ts';

/** Shorter ones would blot out ordinary words, and a secret that short hides nothing. */
const shortestSecret = 6;
const veil = '[secret]';

/** Replaces every secret in a text, as it is and as it looks inside of JSON or base64. */
export type Redact = (text: string) => string;

export function redactor(secrets: Iterable<string>): Redact {
  const forms = [...new Set([...secrets].filter(({ length }) => length >= shortestSecret).flatMap(formsOf))];
  // The longest first: one form may be a part of another.
  const patterns = forms.toSorted((a, b) => b.length - a.length);
  return (text) => patterns.reduce((redacted, pattern) => redacted.replaceAll(pattern, veil), text);
}

function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  return [trimmed, JSON.stringify(trimmed).slice(1, -1), Buffer.from(secret).toString('base64')];
}

export function redactJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, redact));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactJson(item, redact)]));
}

/** A value that is a secret becomes the reference to it again; a secret within a text is redacted. */
export function concealJson(value: Json, secrets: ReadonlyMap<string, string>): Json {
  const redact = redactor(secrets.values());
  const names = new Map([...secrets].map(([name, secret]) => [secret, name]));
  return conceal(value);

  function conceal(here: Json): Json {
    if (typeof here === 'string') {
      const name = here.length >= shortestSecret ? names.get(here) : undefined;
      return name === undefined ? redact(here) : { get_secret: name };
    }
    if (Array.isArray(here)) return here.map(conceal);
    if (!isJsonObject(here)) return here;
    return Object.fromEntries(Object.entries(here).map(([key, item]) => [key, conceal(item)]));
  }
}
