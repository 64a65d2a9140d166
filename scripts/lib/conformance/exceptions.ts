import { codes, type DiagnosticCode } from '../../../src/language/diagnostics/codes.ts';
import type { Diagnostic } from '../../../src/contracts/diagnostic.ts';
import type { Case, Mistake } from './case.ts';

/** Classes of the peer's exceptions that derive from another. */
const parents: Readonly<Record<string, string>> = {
  DSLParsingLogicException: 'DSLParsingException',
  DSLParsingFormatException: 'DSLParsingException',
  DSLParsingInputTypeException: 'DSLParsingException',
  DSLParsingElementMatchException: 'DSLParsingException',
  DSLParsingSchemaAPIException: 'DSLParsingException',
};

/** Whether a mistake is the one that a case expects. */
export function isExpected({ exception, code }: Case, found: Mistake): boolean {
  const sameClass =
    exception === undefined || exception === found.exception || exception === parents[found.exception];
  return sameClass && (code === undefined || code === found.code);
}

/** The errors among diagnostics, as the peer calls them. */
export function mistakesOf(diagnostics: readonly Diagnostic[]): readonly Mistake[] {
  return diagnostics
    .filter((one) => one.severity === 'error')
    .map((one) => {
      const exception = isCode(one.code) ? codes[one.code].peerClass : null;
      return { exception: exception ?? 'none', code: one.peerCode, message: `${one.code}: ${one.message}` };
    });
}

function isCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(codes, code);
}
