import { isJsonObject, type Json } from '../contracts/json.ts';
import { type Deferred, isValueList, isValueMap, type Value, type ValueMap } from '../contracts/sealed.ts';
import { publicKeyOf } from './ssh/key-pair.ts';

/** Shorter ones would blot out ordinary words, and a secret that short hides nothing. */
const shortestSecret = 6;
/** As long a piece of a secret is hidden too, as where a text was cut: of a secret from so many characters on. */
const pieces = [
  { from: 16, length: 12 },
  { from: 9, length: 8 },
] as const;
const veil = '[secret]';

/** Replaces every secret in a text: as it is, as other formats write it, and long parts of it by themselves. */
export type Redact = (text: string) => string;

export function redactor(secrets: Iterable<string>): Redact {
  const long = [...new Set(secrets)].filter((secret) => secret.trim().length >= shortestSecret);
  // The longest first: one form may be a part of another.
  const forms = [...new Set(long.flatMap(formsOf))]
    .filter(({ length }) => length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  const withoutPieces = pieceRedactor(long.flatMap(wordsOf), long.flatMap(publicPart));
  return (text) => withoutPieces(forms.reduce((redacted, form) => redacted.replaceAll(form, veil), text));
}

/** What an operation got to know of secrets: keeps them out of whatever leaves it. */
export type Veil = {
  /** The value of a secret, or of what was made of some; `reference`: what stands for it, where it leaves as a whole. */
  add(text: string, reference: Deferred | undefined): void;
  redact: Redact;
  /** What is a secret as a whole becomes the reference to it again; a secret within a text is redacted. */
  conceal(patch: ValueMap): ValueMap;
};

export function createVeil(): Veil {
  const references = new Map<string, Deferred>();
  const texts = new Set<string>();
  let redact: Redact | undefined;
  const redacted: Redact = (text) => (redact ??= redactor(texts))(text);
  return {
    add(text, reference) {
      if (!texts.has(text)) redact = undefined;
      texts.add(text);
      if (reference === undefined || text.trim().length < shortestSecret) return;
      for (const form of [text, text.trim()]) references.set(form, reference);
    },
    redact: redacted,
    conceal: (patch) => concealMap(patch, references, redacted),
  };
}

export function redactJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number') return redactNumber(value, redact);
  if (Array.isArray(value)) return value.map((item: Json) => redactJson(item, redact));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), redactJson(item, redact)]),
  );
}

function concealMap(map: ValueMap, references: ReadonlyMap<string, Deferred>, redact: Redact): ValueMap {
  return Object.fromEntries(
    Object.entries(map).map(([key, item]) => [redact(key), conceal(item, references, redact)]),
  );
}

function conceal(value: Value, references: ReadonlyMap<string, Deferred>, redact: Redact): Value {
  if (typeof value === 'string') return references.get(value) ?? redact(value);
  if (typeof value === 'number') return redactNumber(value, redact);
  if (isValueList(value)) return value.map((item) => conceal(item, references, redact));
  return isValueMap(value) ? concealMap(value, references, redact) : value;
}

function redactNumber(value: number, redact: Redact): number | string {
  const text = String(value);
  return redact(text) === text ? value : veil;
}

function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  return [trimmed, `${trimmed}\n`, secret].flatMap(encodingsOf).concat(partsOf(trimmed));
}

/** Of a text of several lines only what looks like a secret in it: the rest is words of others too. */
function wordsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  return trimmed.includes('\n') ? partsOf(trimmed) : encodingsOf(trimmed);
}

/** In JSON, in JSON within JSON, in a URL, on one line, in base64 (alone or amid other text), in hexadecimal. */
function encodingsOf(text: string): readonly string[] {
  const quoted = inJson(text);
  const inUrl = encodeURIComponent(text);
  const hexadecimal = Buffer.from(text).toString('hex');
  const oneLine = ['', ' '].map((gap) => text.trim().replaceAll(/\r?\n/g, gap));
  return [
    text.trim(),
    quoted,
    inJson(quoted),
    inUrl,
    inUrl.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    ...oneLine,
    ...inBase64(text),
    hexadecimal,
    hexadecimal.toUpperCase(),
  ];
}

/** Whole, and without the characters at both ends that depend on what is before and after it. */
function inBase64(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const amid = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const end = (shift + bytes.length) % 3 === 0 ? whole.length : whole.length - 1;
    return whole.slice(shift === 0 ? 0 : shift + 1, end);
  });
  const all = [bytes.toString('base64'), ...amid];
  return [...all, ...all.map((each) => each.replaceAll('+', '-').replaceAll('/', '_'))];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A private key has its public key in it, which anybody may see. */
function publicPart(secret: string): readonly string[] {
  return secret.includes('PRIVATE KEY-----') ? (publicKeyOf(secret, '')?.split(' ') ?? []) : [];
}

/** Hides what is a piece of a word, wherever it is cut out of it, but not what is `open`. */
function pieceRedactor(words: readonly string[], open: readonly string[]): Redact {
  const known = pieces.map(({ length }) => ({ length, texts: new Set<string>() }));
  for (const word of words) {
    const size = pieces.findIndex(({ from }) => word.length >= from);
    const { length, texts } = known[size] ?? { length: word.length + 1, texts: new Set() };
    for (let at = 0; at + length <= word.length; at += 1) {
      const piece = word.slice(at, at + length);
      if (!open.some((each) => each.includes(piece))) texts.add(piece);
    }
  }
  const used = known.filter(({ texts }) => texts.size > 0);
  return (text) =>
    withoutRanges(
      text,
      used.flatMap(({ length, texts }) => rangesOf(text, length, texts)),
    );
}

type Range = { readonly from: number; readonly to: number };

function rangesOf(text: string, length: number, texts: ReadonlySet<string>): readonly Range[] {
  const ranges: Range[] = [];
  for (let from = 0; from + length <= text.length; from += 1) {
    if (texts.has(text.slice(from, from + length))) ranges.push({ from, to: from + length });
  }
  return ranges;
}

function withoutRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  const parts: string[] = [];
  let end = 0;
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (from > end || parts.length === 0) parts.push(text.slice(end, from), veil);
    end = Math.max(end, to);
  }
  return [...parts, text.slice(end)].join('');
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
