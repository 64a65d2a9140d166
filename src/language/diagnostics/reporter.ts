import type { Diagnostic } from '../../contracts/diagnostic.ts';
import { type Place, positionOf } from '../source/place.ts';
import { codes, type DiagnosticCode } from './codes.ts';

/** Collects what is to be said; nothing in the compiler stops at the first mistake. */
export type Reporter = {
  /** `hint`: better advice than the table's remedy, if there is any. */
  readonly report: (code: DiagnosticCode, at: Place, message: string, hint?: string | null) => void;
  /** Each once, in the order of files and places. */
  readonly diagnostics: () => readonly Diagnostic[];
  readonly failed: () => boolean;
  /** Whether something inside the place is an error already, so that what follows from it need not be told. */
  readonly failedWithin: (place: Place) => boolean;
};

type Remark = { readonly diagnostic: Diagnostic; readonly at: Place };

export function createReporter(): Reporter {
  const remarks = new Map<string, Remark>();
  let errors = 0;
  return {
    report(code, at, message, hint = null) {
      const key = `${code}\0${at.file.index}\0${at.start}\0${message}`;
      if (remarks.has(key)) return;
      remarks.set(key, { at, diagnostic: diagnose(code, at, message, hint) });
      if (codes[code].severity === 'error') errors += 1;
    },
    diagnostics: () => [...remarks.values()].sort(byPlace).map((remark) => remark.diagnostic),
    failed: () => errors > 0,
    failedWithin: (place) => [...remarks.values()].some((remark) => isErrorWithin(remark, place)),
  };
}

function isErrorWithin({ at, diagnostic }: Remark, place: Place): boolean {
  const inside = at.file === place.file && at.start >= place.start && at.end <= place.end;
  return inside && diagnostic.severity === 'error';
}

function diagnose(code: DiagnosticCode, at: Place, message: string, hint: string | null): Diagnostic {
  const { severity, peer, remedy } = codes[code];
  const start = positionOf(at.file, at.start);
  const end = positionOf(at.file, at.end);
  return {
    code,
    severity,
    message,
    file: at.file.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    hint: hint ?? remedy,
    peerCode: peer,
  };
}

function byPlace(a: Remark, b: Remark): number {
  return a.at.file.index - b.at.file.index || a.at.start - b.at.start || a.at.end - b.at.end;
}
