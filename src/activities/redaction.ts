import { isJsonObject, type Json } from '../contracts/json.ts';

/** Shorter ones would blot out ordinary words, and a secret that short hides nothing. */
const shortestSecret = 6;
const veil = '[secret]';

/** Replaces every secret in a text: as it is, as other formats write it, and long parts of it by themselves. */
export type Redact = (text: string) => string;

export function redactor(secrets: Iterable<string>): Redact {
  const forms = [...new Set([...secrets].filter(({ length }) => length >= shortestSecret).flatMap(formsOf))];
  // The longest first: one form may be a part of another.
  const patterns = forms.toSorted((a, b) => b.length - a.length);
  return (text) => patterns.reduce((redacted, pattern) => redacted.replaceAll(pattern, veil), text);
}

function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  return [trimmed, `${trimmed}\n`, secret].flatMap(encodingsOf).concat(partsOf(trimmed));
}

/** In JSON, in JSON within JSON, in a URL, on one line, in base64. */
function encodingsOf(text: string): readonly string[] {
  const quoted = inJson(text);
  const base64 = Buffer.from(text).toString('base64');
  const oneLine = ['', ' '].map((gap) => text.trim().replaceAll(/\r?\n/g, gap));
  return [text.trim(), quoted, inJson(quoted), encodeURIComponent(text), ...oneLine, base64];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/**
 * A kubeconfig is a secret for the key in it, and a key in PEM may be shown line by line. What looks like
 * random text counts, not what a person may read elsewhere too, such as an address.
 */
function partsOf(secret: string): readonly string[] {
  if (!secret.includes('\n')) return [];
  const isKey = secret.includes('PRIVATE KEY-----');
  const counts = isKey ? looksEncoded : looksRandom;
  const words = secret.split(/[\s"',:]+/).filter(counts);
  return words.flatMap((word) => {
    const decoded = Buffer.from(word, 'base64').toString('latin1');
    return decoded.includes('PRIVATE KEY-----') ? [word, decoded.trim(), ...partsOf(decoded)] : [word];
  });
}

function looksRandom(word: string): boolean {
  return word.length >= 32 && looksEncoded(word) && /\d/.test(word);
}

/** A line of a key may happen to have no digit. */
function looksEncoded(word: string): boolean {
  return word.length >= 16 && /[a-z]/.test(word) && /[A-Z]/.test(word) && /^[\w+/=.-]+$/.test(word);
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
  const names = new Map(
    [...secrets].flatMap(([name, secret]) => [[secret, name] as const, [secret.trim(), name] as const]),
  );
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
