import { isMap, isPair, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';
import type { Path } from './grammar/walk.ts';
import { outlineAt } from './outline.ts';

/** What is at a place of a file that may be right, wrong or half written. Positions are offsets. */
export type Cursor = {
  /** The way to the map for a key, to the value itself for a value. */
  readonly path: Path;
  readonly role: 'key' | 'value';
  /** The word at the place, without quotes, and where it is. */
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** Whether the word is alone: nothing else of a map, list or function around it is there yet. */
  readonly bare: boolean;
  /** For a key: whether a colon follows already. */
  readonly hasValue: boolean;
  /** For a key: the other keys of its map. */
  readonly siblings: readonly string[];
  /** The text at a path around the place; null: there is none. */
  readonly textAt: (path: Path) => string | null;
};

/** Stands in the text where the place is, while it is read; no blueprint has it. */
const mark = '\uE000';

/** Null: the place is in a comment, a block of text, or nowhere that has a meaning. */
export function cursorAt(text: string, offset: number): Cursor | null {
  const outline = outlineAt(text, offset);
  const before = outline.text.slice(0, outline.offset);
  const after = outline.text.slice(outline.offset);
  const isWordAlone = /(?:^|\n)[ ]*[^\s:#,{}[\]"'&*|>-][^\s:#,{}[\]]*$|(?:^|\n)[ ]*$/.test(before);
  const adds = isWordAlone && /^[^\s:#,{}[\]]*[ \t]*\r?(?:\n|$)/.test(after) ? `${mark}:` : mark;
  // A colon goes behind the whole word, not into its middle.
  const rest = adds === mark ? '' : (/^[^\s:#,{}[\]]*/.exec(after)?.[0] ?? '');
  const marked =
    adds === mark ? before + mark + after : `${before}${mark}${rest}:${after.slice(rest.length)}`;
  const found = find(contentsOf(marked));
  if (found === null) return null;
  const { scalar, path, role, siblings, root, alone } = found;
  const value = String(scalar.value);
  const quote = scalar.type === 'QUOTE_DOUBLE' || scalar.type === 'QUOTE_SINGLE' ? 1 : 0;
  const start = (scalar.range?.[0] ?? 0) + quote + outline.shift;
  const word = value.replace(mark, '');
  return {
    path,
    role,
    word,
    start,
    end: start + word.length,
    bare: quote === 0 && alone,
    hasValue: role === 'key' && adds === mark && found.hasColon,
    siblings,
    textAt: (wanted) => textAt(root, wanted),
  };
}

function contentsOf(text: string): unknown {
  try {
    const options = { version: '1.1', schema: 'failsafe', merge: false, uniqueKeys: false } as const;
    return parseDocument(text, options).contents;
  } catch (error) {
    // The library is recursive: what is nested without end ends its stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

type Found = {
  readonly scalar: Scalar;
  readonly path: Path;
  readonly role: 'key' | 'value';
  readonly siblings: readonly string[];
  readonly alone: boolean;
  readonly hasColon: boolean;
  readonly root: unknown;
};

function find(root: unknown): Found | null {
  return search(root, []);

  function search(node: unknown, path: Path): Found | null {
    if (isMarked(node)) {
      const base = { scalar: node, path, siblings: [], hasColon: false, root };
      return isBlock(node) ? null : { ...base, role: 'value', alone: true };
    }
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const found = search(item, [...path, index]);
        if (found !== null) return found;
      }
      return null;
    }
    if (!isMap(node)) return null;
    for (const pair of node.items) {
      if (isMarked(pair.key)) {
        const siblings = node.items.flatMap(({ key }) => (key === pair.key ? [] : keyText(key)));
        const hasColon = pair.value !== null;
        return {
          scalar: pair.key,
          path,
          role: 'key',
          siblings,
          alone: node.items.length === 1,
          hasColon,
          root,
        };
      }
      const found = search(pair.value, [...path, ...keyText(pair.key)]);
      if (found !== null) return found;
    }
    return null;
  }
}

function isMarked(node: unknown): node is Scalar {
  return isScalar(node) && typeof node.value === 'string' && node.value.includes(mark);
}

function isBlock({ type, value }: Scalar): boolean {
  return type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' || String(value).includes('\n');
}

function keyText(key: unknown): readonly string[] {
  return isScalar(key) ? [String(key.value)] : [];
}

function textAt(root: unknown, path: Path): string | null {
  let node = root;
  for (const step of path) {
    if (isMap(node)) node = node.items.find((pair) => isPair(pair) && keyText(pair.key)[0] === step)?.value;
    else if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else return null;
  }
  return isScalar(node) && typeof node.value === 'string' ? node.value.replace(mark, '') : null;
}
