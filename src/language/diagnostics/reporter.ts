import type { Diagnostic, DiagnosticPlace } from '../../contracts/diagnostic.ts';
import { type Place, positionOf, type SourceFile } from '../source/place.ts';
import { codes, type DiagnosticCode } from './codes.ts';
import { createPlaces, type Places } from './places.ts';
import type { Hint } from './suggest.ts';

/** Collects what is to be said; nothing in the compiler stops at the first mistake. */
export type Reporter = {
  /** `hint`: better advice than the table's remedy, if there is any. */
  readonly report: (
    code: DiagnosticCode,
    at: Place,
    message: string,
    hint?: string | Hint | null,
    types?: readonly TypeAt[],
  ) => void;
  /** Notes where a file was imported first, by its name. */
  readonly imported: (file: string, at: Place) => void;
  /** Each once, in the order of files and places. */
  readonly diagnostics: () => readonly Diagnostic[];
  readonly failed: () => boolean;
  /** Whether something inside the place is an error already, so that what follows from it need not be told. */
  readonly failedWithin: (place: Place) => boolean;
};

/** A type, and where it is defined. */
export type TypeAt = { readonly name: string; readonly at: Place };

type Remark = {
  readonly code: DiagnosticCode;
  readonly at: Place;
  readonly message: string;
  readonly hint: string | Hint | null;
  readonly types: readonly TypeAt[];
};

/** No one reads advice on more mistakes at once. */
const mostHints = 100;

/** `strict`: warnings are errors. Default: false */
export function createReporter(strict = false): Reporter {
  const remarks = new Map<string, Remark>();
  const failures = new Map<SourceFile, Places>();
  const importedAt = new Map<string, Place>();
  const severityOf = (code: DiagnosticCode) => (strict ? 'error' : codes[code].severity);
  return {
    report(code, at, message, hint = null, types = []) {
      const key = `${code}\0${at.file.index}\0${at.start}\0${message}`;
      if (remarks.has(key)) return;
      remarks.set(key, { code, at, message, hint, types });
      if (severityOf(code) !== 'error') return;
      const places = failures.get(at.file) ?? createPlaces();
      places.add(at);
      failures.set(at.file, places);
    },
    imported(file, at) {
      if (!importedAt.has(file)) importedAt.set(file, at);
    },
    diagnostics: () => {
      let hints = 0;
      return [...remarks.values()].sort(byPlace).map((remark) => {
        const { hint, code, at } = remark;
        if (typeof hint === 'function') hints += 1;
        const advice = typeof hint !== 'function' ? hint : hints > mostHints ? null : hint();
        return diagnose({ ...remark, hint: advice }, severityOf(code), chainOf(at.file.name, importedAt));
      });
    },
    failed: () => failures.size > 0,
    failedWithin: (place) => failures.get(place.file)?.anyWithin(place) ?? false,
  };
}

/** The imports that lead to a file, the nearest first. */
function chainOf(file: string, importedAt: ReadonlyMap<string, Place>): Diagnostic['importedFrom'] {
  const chain: DiagnosticPlace[] = [];
  for (let at = importedAt.get(file); at !== undefined; at = importedAt.get(at.file.name)) {
    chain.push(shown(at));
  }
  return chain;
}

function shown({ file, start, end }: Place): DiagnosticPlace {
  const last = positionOf(file, end);
  return { file: file.name, ...positionOf(file, start), endLine: last.line, endColumn: last.column };
}

/** A message may quote what a file has; in characters. */
const longest = 1_000;

function diagnose(
  { code, at, message, hint, types }: Remark & { readonly hint: string | null },
  severity: Diagnostic['severity'],
  importedFrom: Diagnostic['importedFrom'],
): Diagnostic {
  const { peer, remedy } = codes[code];
  return {
    code,
    severity,
    message: message.length > longest ? `${message.slice(0, longest)}…` : message,
    ...shown(at),
    hint: hint ?? remedy,
    peerCode: peer,
    importedFrom,
    types: types.map((one) => ({ name: one.name, ...shown(one.at) })),
    docs: `docs/errors.md#${code}`,
  };
}

function byPlace(a: Remark, b: Remark): number {
  return a.at.file.index - b.at.file.index || a.at.start - b.at.start || a.at.end - b.at.end;
}
