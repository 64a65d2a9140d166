import { RE2JS, RE2JSSyntaxException } from 're2js';
import { type Ahead, type Choice, choicesOf } from './python-pattern.ts';

/** What one compile may spend on patterns: a second or two. A blueprint of a thousand inputs stays far below. */
const limits = { characters: 1_000, steps: 20_000_000, stepsOfCompiling: 100 } as const;

/** Matches texts with the patterns of a blueprint, in a time that has an end. */
export type Patterns = {
  /** Whether a text matches at its start, or why that cannot be told. */
  readonly match: (pattern: string, text: string) => boolean | Unmatchable;
  /** Why no text can be matched with the pattern; null when one can. */
  readonly problemOf: (pattern: string) => Unmatchable | null;
};
export type Unmatchable = { readonly reason: string };

type Engine = { readonly ahead: readonly AheadEngine[]; readonly rest: RE2JS; readonly after: Engine | null };
type AheadEngine = { readonly wanted: boolean; readonly engines: readonly Engine[] };

export function createPatterns(): Patterns {
  const known = new Map<string, readonly Engine[] | Unmatchable>();
  let left: number = limits.steps;
  return {
    match(pattern, text) {
      const engines = enginesOf(pattern);
      if ('reason' in engines) return engines;
      return spend(stepsOf(engines, text.length + 1)) ?? fulfils(text, engines);
    },
    problemOf(pattern) {
      const engines = enginesOf(pattern);
      return 'reason' in engines ? engines : null;
    },
  };

  function enginesOf(pattern: string): readonly Engine[] | Unmatchable {
    const earlier = known.get(pattern);
    if (earlier !== undefined) return earlier;
    const engines = spend(0) ?? compilePattern(pattern);
    known.set(pattern, engines);
    if (!('reason' in engines)) left -= stepsOf(engines, 1) * limits.stepsOfCompiling;
    return engines;
  }

  function spend(steps: number): Unmatchable | null {
    left -= steps;
    return left >= 0 ? null : { reason: 'the patterns of the blueprint and their texts take too long' };
  }
}

function compilePattern(pattern: string): readonly Engine[] | Unmatchable {
  if (pattern.length > limits.characters) {
    return { reason: `it has more than ${limits.characters} characters` };
  }
  const choices = choicesOf(pattern);
  if (choices === null) {
    return { reason: 'it looks ahead within a group, or repeats what a group matched' };
  }
  try {
    return choices.map(compileChoice);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return { reason: error.message };
  }
}

function compileChoice({ ahead, rest, after }: Choice): Engine {
  return {
    ahead: ahead.map(compileAhead),
    rest: RE2JS.compile(rest, RE2JS.LOOKBEHINDS),
    after: after === null ? null : compileChoice(after),
  };
}

function compileAhead({ wanted, choices }: Ahead): AheadEngine {
  return { wanted, engines: choices.map(compileChoice) };
}

function fulfils(text: string, engines: readonly Engine[]): boolean {
  return engines.some(
    ({ ahead, rest, after }) =>
      ahead.every((one) => fulfils(text, one.engines) === one.wanted) &&
      (after === null
        ? rest.test(text)
        : endsOf(rest, text).some((end) => fulfils(text.slice(end), [after]))),
  );
}

/** Where the text may be divided so that all before it matches. */
function endsOf(rest: RE2JS, text: string): readonly number[] {
  const every = Array.from({ length: text.length + 1 }, (_, end) => end);
  return every.filter((end) => rest.matches(text.slice(0, end)));
}

/** At most, for a text of so many places. */
function stepsOf(engines: readonly Engine[], places: number): number {
  return engines.reduce((sum, { ahead, rest, after }) => {
    const own = rest.programSize() * places;
    const later = after === null ? own : places * (own + stepsOf([after], places));
    return sum + later + ahead.reduce((some, one) => some + stepsOf(one.engines, places), 0);
  }, 0);
}
