import {
  COLLECTION_STYLE,
  type Event,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';
import { endOfBlock, type Written, type WrittenPair, type WrittenScalar } from './written.ts';

/**
 * What a text says, found several times faster than by `parseThoroughly`. Undefined: the text may have a
 * mistake, or more than is common in it, and has to be parsed thoroughly.
 */
export function parseQuickly(text: string): Written | null | undefined {
  if (endMark.test(text)) return undefined;
  const events = eventsOf(text);
  if (events === null || !events.every(isCommon)) return undefined;
  const documents = events.filter(({ type }) => type === EVENT_ID.DOCUMENT).length;
  if (documents > 1) return undefined;
  return documents === 0 ? null : readEvents(events.slice(1), text);
}

/** Of a document that never began. */
const endMark = /^(?:#.*\n|\s)*\.\.\./;

function eventsOf(text: string): readonly Event[] | null {
  try {
    return parseEvents(text, {});
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return null;
  }
}

/** Tags and directives are not, and the libraries differ in what they make of them. */
function isCommon(event: Event): boolean {
  if (event.type === EVENT_ID.DOCUMENT) return event.directives.length === 0;
  return !('tagStart' in event) || event.tagStart < 0;
}

/** The events say where lists and maps begin; where they end follows from what is in them. */
function readEvents(events: readonly Event[], text: string): Written | null | undefined {
  let next = 0;
  let isOdd = false;
  /** Where the text ends that was read so far. */
  let end = 0;
  const root = node(() => null);
  return isOdd ? undefined : root;

  function node(whenEmpty: () => number | null): Written | null {
    const event = events[next];
    next += 1;
    if (event?.type === EVENT_ID.SCALAR) return scalar(event, whenEmpty);
    if (event?.type === EVENT_ID.SEQUENCE) return list(event);
    if (event?.type === EVENT_ID.MAPPING) return map(event);
    if (event?.type !== EVENT_ID.ALIAS) return null;
    end = event.anchorEnd;
    return { kind: 'alias', of: text.slice(event.anchorStart, end), start: event.anchorStart - 1, end };
  }

  function scalar(event: ScalarEvent, whenEmpty: () => number | null): WrittenScalar | null {
    const anchor = anchorOf(event);
    if (event.valueStart < 0) {
      const start = anchor === null ? whenEmpty() : event.anchorEnd;
      if (start === null) return null;
      end = start;
      return { kind: 'scalar', text: '', form: 'plain', anchor, start, end };
    }
    const start = startOf(event);
    const form = formOf(event);
    end = form === 'block' ? endOfBlock(text, start, event.valueEnd) : event.valueEnd;
    if (form === 'quoted') end += 1;
    return { kind: 'scalar', text: getScalarValue(text, event), form, anchor, start, end };
  }

  function list(event: SequenceEvent): Written {
    end = insideOf(event);
    const items: (Written | null)[] = [];
    while (isMore()) items.push(node(() => after('-')));
    return { kind: 'list', items, anchor: anchorOf(event), start: event.start, end: endOf(event, ']') };
  }

  function map(event: MappingEvent): Written {
    end = insideOf(event);
    const pairs: WrittenPair[] = [];
    while (isMore()) {
      const key = node(() => null);
      // A sign of a colon too many.
      if (key === null) isOdd = true;
      pairs.push({ key, value: node(() => after(':')) });
    }
    return { kind: 'map', pairs, anchor: anchorOf(event), start: event.start, end: endOf(event, '}') };
  }

  function isMore(): boolean {
    if (next < events.length && events[next]?.type !== EVENT_ID.POP) return true;
    next += 1;
    return false;
  }

  function anchorOf({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }): string | null {
    return anchorStart < 0 ? null : text.slice(anchorStart, anchorEnd);
  }

  /** A block begins with its head, on the line before the text in it. */
  function startOf(event: ScalarEvent): number {
    if (isQuoted(event)) return event.valueStart - 1;
    if (formOf(event) === 'plain') return event.valueStart;
    const from = Math.max(end, event.anchorEnd, text.lastIndexOf('\n', event.valueStart - 2) + 1);
    return from + text.slice(from, event.valueStart).search(/[|>][-+\d]*[ \t]*(?:[ \t]#.*)?\r?\n?$/);
  }

  function endOf({ style }: SequenceEvent | MappingEvent, bracket: string): number {
    if (style === COLLECTION_STYLE.FLOW) end = after(bracket) ?? end;
    return end;
  }

  /** The place behind a sign that comes next, but for space, comments and commas. */
  function after(sign: string): number | null {
    space.lastIndex = end;
    space.test(text);
    return text[space.lastIndex] === sign ? space.lastIndex + 1 : null;
  }
}

const space = /(?:[\s,]+|(?<![^\s])#.*)*/y;

function insideOf({ start, style }: SequenceEvent | MappingEvent): number {
  return style === COLLECTION_STYLE.FLOW ? start + 1 : start;
}

function isQuoted({ style }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
}

function formOf(event: ScalarEvent): WrittenScalar['form'] {
  if (isQuoted(event)) return 'quoted';
  return event.style === SCALAR_STYLE.PLAIN ? 'plain' : 'block';
}
