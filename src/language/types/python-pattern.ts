/**
 * Regular expressions as blueprints have them, in Python's spelling. The peer asks whether one matches at
 * the start of a text.
 */

/** Whether a text is a regular expression; nothing is matched with it. */
export function isPythonPattern(pattern: string): boolean {
  const translated = split(pattern)
    .body.replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll(String.raw`\A`, '^')
    .replaceAll(String.raw`\Z`, '$');
  try {
    return new RegExp(translated) instanceof RegExp;
  } catch {
    return false;
  }
}

/**
 * What a text may be to match: everything `ahead` holds, or not, as is wanted, and `rest` matches at its start.
 * `after`: what the text must match from where `rest` has ended.
 */
export type Choice = {
  readonly ahead: readonly Ahead[];
  readonly rest: string;
  readonly after: Choice | null;
};
export type Ahead = { readonly wanted: boolean; readonly choices: readonly Choice[] };

/**
 * A pattern as expressions in the spelling of RE2, which never goes back in a text. It cannot look ahead
 * either, so what does that, as rules for passwords do, is taken apart there. Null: the pattern looks ahead
 * within a group, or repeats what a group has matched.
 */
export function choicesOf(pattern: string): readonly Choice[] | null {
  const { flags, body } = split(pattern);
  const tokens = [...body.matchAll(flags.includes('x') ? spacedToken : token)].map(([text]) => text);
  return choose(tokens, flags);
}

function split(pattern: string): { readonly flags: string; readonly body: string } {
  const [whole = '', flags = ''] = /^\(\?([aiLmsux]+)\)/.exec(pattern) ?? [];
  return { flags, body: pattern.slice(whole.length) };
}

const escape = /\\(?:u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^])/gu;
const set = /\[\^?\]?(?:\\[^]|[^\]\\])*\]/u;
const open = /\(\?#[^)]*\)|\(\?P=\w+\)|\(\?P?<\w+>|\(\?[a-zA-Z-]*:|\(\?<?[=!]|\(/u;
const one = [escape, set, open, /\{,\d*\}/u, /[^]/u].map(({ source }) => source).join('|');
const token = new RegExp(one, 'gu');
const spacedToken = new RegExp(String.raw`\s|#[^\n]*|${one}`, 'gu');

type Tokens = readonly string[];

function choose(tokens: Tokens, flags: string): readonly Choice[] | null {
  const options = tokens.some(looksAhead) ? alternatives(tokens) : [tokens];
  const choices: Choice[] = [];
  for (const option of options) {
    const choice = readChoice(option, flags);
    if (choice === null) return null;
    choices.push(choice);
  }
  return choices;
}

function alternatives(tokens: Tokens): readonly Tokens[] {
  const found: string[][] = [[]];
  let depth = 0;
  for (const text of tokens) {
    depth += depthOf(text);
    if (text === '|' && depth === 0) found.push([]);
    else found.at(-1)?.push(text);
  }
  return found;
}

function readChoice(tokens: Tokens, flags: string): Choice | null {
  const ahead: Ahead[] = [];
  let at = 0;
  for (let first = tokens[0]; first !== undefined; first = tokens[at]) {
    // It is the start anyway.
    if (first === '^' || first === String.raw`\A` || spell(first, flags) === '') at += 1;
    else if (looksAhead(first)) {
      const end = endOfGroup(tokens, at);
      const choices = choose(tokens.slice(at + 1, end), flags);
      if (choices === null || /^[*+?{]/.test(tokens[end + 1] ?? '')) return null;
      ahead.push({ wanted: first === '(?=', choices });
      at = end + 1;
    } else break;
  }
  const end = nextLookAhead(tokens, at);
  const rest = tokens.slice(at, end);
  if (rest.some((text) => looksAhead(text) || looksBack(text))) return null;
  const kept = flags.replaceAll(/[^ims]/g, '');
  const spelled = rest.map((text) => spell(text, flags)).join('');
  const after = end === tokens.length ? null : readAfter(tokens.slice(end), flags);
  if (after === undefined) return null;
  return { ahead, rest: String.raw`${kept === '' ? '' : `(?${kept})`}\A(?:${spelled})`, after };
}

/** Undefined: the part asks for what is before it, or cannot be taken apart. */
function readAfter(tokens: Tokens, flags: string): Choice | undefined {
  if (tokens.some((text) => /^(?:\^|\\[AbB]|\(\?<[=!])$/.test(text))) return undefined;
  return readChoice(tokens, flags) ?? undefined;
}

/** Of those outside of any group. */
function nextLookAhead(tokens: Tokens, from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const text = tokens[at] ?? '';
    if (depth === 0 && looksAhead(text)) return at;
    depth += depthOf(text);
  }
  return tokens.length;
}

function endOfGroup(tokens: Tokens, from: number): number {
  let depth = 0;
  return tokens.findIndex((text, index) => {
    if (index >= from) depth += depthOf(text);
    return index >= from && depth === 0;
  });
}

function depthOf(text: string): number {
  if (text === ')') return -1;
  return text.startsWith('(') && !text.endsWith(')') ? 1 : 0;
}

function looksAhead(text: string): boolean {
  return text === '(?=' || text === '(?!';
}

function looksBack(text: string): boolean {
  return text.startsWith('(?P=') || /^\\[1-9]/.test(text);
}

function spell(text: string, flags: string): string {
  if (text.startsWith('[') && text !== '[') return spellSet(text);
  if (text.startsWith('\\')) return spellEscape(text);
  // No group is asked for what it matched.
  if (/^\((?:\?P?<\w.*)?$/.test(text)) return '(?:';
  if (text.startsWith('{,')) return `{0${text.slice(1)}`;
  // Python's end of a text may have one more line break behind it.
  if (text === '$' && !flags.includes('m')) return String.raw`(?:\n?\z)`;
  const isRemark = text.startsWith('(?#') || (flags.includes('x') && /^[\s#]/.test(text));
  return isRemark ? '' : text;
}

function spellEscape(text: string): string {
  if (text === String.raw`\Z`) return String.raw`\z`;
  const letter = text.slice(1);
  if (text.length > 2 && /^[uU]/.test(letter)) return String.raw`\x{${letter.slice(1)}}`;
  return /^[^\0-\x7f]/.test(letter) ? letter : text;
}

function spellSet(text: string): string {
  const start = text.startsWith('[^') ? '[^' : '[';
  const inside = text.slice(start.length).replaceAll(escape, (found) => {
    return found === String.raw`\b` ? String.raw`\x08` : spellEscape(found);
  });
  // RE2 would take it for the start of a class of characters, as in [[:alpha:]].
  return start + inside.replaceAll(/\\[^]|\[/g, (found) => (found === '[' ? String.raw`\[` : found));
}
