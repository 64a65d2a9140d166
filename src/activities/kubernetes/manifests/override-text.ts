import { failure } from '../../../contracts/failure.ts';
import type { Json } from '../../../contracts/json.ts';
import { asText, bringsKeys } from './substituted.ts';

/** `['spec']['replicas']=3`, read but not carried out. */
export type Override = { readonly path: readonly (string | number)[]; readonly value: Json };

/** Gives the value of `@{node,property,…}` (`reference`) and `%{expression}`. */
export type Substitute = {
  readonly reference: (node: string, path: readonly string[]) => Json;
  readonly expression: (expression: string) => Json;
};

/**
 * Reads one override: a path of subscripts, `=`, and a literal as Python writes it (text, number, True,
 * False, None, list, dict). Substitutions stand for a value, or for a part of a text, but neither in a key nor for
 * what has keys. Nothing is ever run.
 */
export function readOverride(text: string, substitute: Substitute): Override {
  const reader = new Reader(text, substitute);
  const path = reader.path();
  reader.expect('=');
  const value = reader.value();
  reader.end();
  return { path, value };
}

// A cursor over one text is the one thing here that is best an object with a state.
class Reader {
  private position = 0;
  private inKey = false;
  private readonly text: string;
  private readonly substitute: Substitute;

  constructor(text: string, substitute: Substitute) {
    this.text = text;
    this.substitute = substitute;
  }

  path(): (string | number)[] {
    const path: (string | number)[] = [];
    while (this.take('[')) {
      const key = this.key();
      if (typeof key !== 'string' && !(typeof key === 'number' && Number.isInteger(key)))
        throw this.wrong('a key must be a text or a whole number');
      path.push(key);
      this.expect(']');
    }
    if (path.length === 0) throw this.wrong("a path like ['spec']['replicas'] must come first");
    return path;
  }

  value(): Json {
    this.space();
    const next = this.text[this.position];
    if (next === "'" || next === '"') return this.quoted(next);
    if (next === '[') return this.sequence();
    if (next === '{') return this.mapping();
    if (next === '@' || next === '%') return literalOf(this.substitution());
    return this.word();
  }

  private key(): Json {
    this.inKey = true;
    const key = this.value();
    this.inKey = false;
    return key;
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.wrong(`«${token}» must come here`);
  }

  end(): void {
    this.space();
    if (this.position < this.text.length) throw this.wrong('nothing may follow the value');
  }

  private quoted(quote: string): string {
    let content = '';
    this.position += 1;
    while (this.position < this.text.length) {
      const character = this.text[this.position] ?? '';
      if (character === quote) {
        this.position += 1;
        return content;
      }
      if (character === '\\') content += this.escape();
      else if (this.atSubstitution()) content += asText(this.substitution());
      else {
        content += character;
        this.position += 1;
      }
    }
    throw this.wrong('the text has no closing quote');
  }

  private escape(): string {
    const escapes: Readonly<Record<string, string>> = {
      n: '\n',
      t: '\t',
      r: '\r',
      '\\': '\\',
      "'": "'",
      '"': '"',
    };
    const character = this.text[this.position + 1] ?? '';
    this.position += 2;
    return escapes[character] ?? `\\${character}`;
  }

  private sequence(): Json {
    const items: Json[] = [];
    this.expect('[');
    while (!this.take(']')) {
      items.push(this.value());
      if (!this.take(',') && !this.sees(']')) throw this.wrong('«,» or «]» must come here');
    }
    return items;
  }

  private mapping(): Json {
    const entries: [string, Json][] = [];
    this.expect('{');
    while (!this.take('}')) {
      const key = this.key();
      if (typeof key !== 'string') throw this.wrong('a key must be a text');
      this.expect(':');
      entries.push([key, this.value()]);
      if (!this.take(',') && !this.sees('}')) throw this.wrong('«,» or «}» must come here');
    }
    return Object.fromEntries(entries);
  }

  private word(): Json {
    const word = /^[\w.+-]+/u.exec(this.text.slice(this.position))?.[0] ?? '';
    const known = wordValue(word);
    if (known === undefined)
      throw this.wrong('a text in quotes, a number, True, False, None, a list or a dict must come here');
    this.position += word.length;
    return known;
  }

  private atSubstitution(): boolean {
    return /^[@%]\{/u.test(this.text.slice(this.position, this.position + 2));
  }

  private substitution(): Json {
    const close = this.text.indexOf('}', this.position);
    if (!this.atSubstitution() || close < 0) throw this.wrong('@{node,property} or %{ctx.…} must come here');
    if (this.inKey) throw this.wrong('nothing is filled into a key');
    const content = this.text.slice(this.position + 2, close);
    const [node = '', ...path] = content.split(',').map((part) => part.trim());
    const value =
      this.text[this.position] === '@'
        ? this.substitute.reference(node, path)
        : this.substitute.expression(content.trim());
    if (bringsKeys(value)) throw this.wrong('it is an object there; name what of it');
    this.position = close + 1;
    return value;
  }

  private take(token: string): boolean {
    if (!this.sees(token)) return false;
    this.position += token.length;
    return true;
  }

  private sees(token: string): boolean {
    this.space();
    return this.text.startsWith(token, this.position);
  }

  private space(): void {
    while (/\s/u.test(this.text[this.position] ?? '')) this.position += 1;
  }

  private wrong(what: string): Error {
    return failure(
      'OperationInputInvalid',
      `The override «${this.text}» cannot be read at column ${this.position + 1}: ${what}.`,
    );
  }
}

/** Outside of quotes a substituted text reads as it would have been written there. */
function literalOf(value: Json): Json {
  return typeof value === 'string' ? (wordValue(value) ?? value) : value;
}

function wordValue(word: string): Json | undefined {
  if (word === 'True' || word === 'true') return true;
  if (word === 'False' || word === 'false') return false;
  if (word === 'None' || word === 'null') return null;
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/u.test(word) ? Number(word) : undefined;
}
