import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import {
  deepest,
  endOfBlock,
  type Mistake,
  type ParsedText,
  type Stretch,
  type Written,
  type WrittenScalar,
} from './written.ts';

/**
 * Parses a text with the library that tells every mistake in it, which takes its time. Throws a RangeError
 * when the text nests deeper than the library can follow.
 */
export function parseThoroughly(text: string): ParsedText {
  // The library reads structure; what a plain text means is decided by `plainScalar`.
  const { contents, errors } = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    // Made pretty, each error has a look at all of the text.
    prettyErrors: false,
    logLevel: 'error',
  });
  const mistakes = errors.map(({ code, message, pos: [start, end] }): Mistake => {
    // The library is recursive, and tells in this way that its stack ended.
    if (code === 'RESOURCE_EXHAUSTION') throw new RangeError(message);
    return { start, end, message: firstLine(message) };
  });
  return { contents: mistakes.length > 0 ? null : contentsOf(contents, text), mistakes };
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}

function contentsOf(root: unknown, source: string): Written | null {
  return written(root, 0);

  function written(node: unknown, depth: number): Written | null {
    if (isAlias(node)) return { kind: 'alias', of: node.source, ...stretchOf(node) };
    if (isScalar(node)) return scalar(node);
    if (!isSeq(node) && !isMap(node)) return null;
    const anchor = node.anchor ?? null;
    // Told of as too deep where it begins; what is in it does not count.
    if (depth > deepest) return { kind: 'list', items: [], anchor, ...stretchOf(node) };
    if (isSeq(node)) {
      const items = node.items.map((item) => written(item, depth + 1));
      return { kind: 'list', items, anchor, ...spanOf(node, items.at(-1)) };
    }
    const pairs = node.items.map((pair) => {
      return { key: written(pair.key, depth + 1), value: written(pair.value, depth + 1) };
    });
    const last = pairs.at(-1);
    return { kind: 'map', pairs, anchor, ...spanOf(node, last?.value ?? last?.key) };
  }

  function scalar(node: Scalar): WrittenScalar {
    const text = typeof node.value === 'string' ? node.value : '';
    const form = formOf(node);
    const stretch = scalarStretch(form, stretchOf(node));
    return { kind: 'scalar', text, form, anchor: node.anchor ?? null, ...stretch };
  }

  function scalarStretch(form: WrittenScalar['form'], { start, end }: Stretch): Stretch {
    if (form === 'block') return { start, end: endOfBlock(source, start, end) };
    if (start < end) return { start, end };
    // Nothing is right behind the sign that promised it.
    const line = source.lastIndexOf('\n', start - 1) + 1;
    const at = line + source.slice(line, start).trimEnd().length;
    return { start: at, end: at };
  }
}

/** The library counts the line break behind a block to it. */
function spanOf(node: YAMLMap | YAMLSeq, last: Written | null | undefined): Stretch {
  const { start, end } = stretchOf(node);
  return { start, end: node.flow === true ? end : (last?.end ?? start) };
}

function formOf({ type, tag }: Scalar): WrittenScalar['form'] {
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return 'block';
  const plain = type === undefined || type === 'PLAIN';
  return plain && tag !== 'tag:yaml.org,2002:str' ? 'plain' : 'quoted';
}

function stretchOf({ range }: Node): Stretch {
  const [start, end] = range ?? [0, 0];
  return { start, end };
}
