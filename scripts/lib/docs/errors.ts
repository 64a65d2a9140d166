import { errorCodes } from '../../../src/contracts/error-codes.ts';
import { diagnosticCodes } from '../../../src/language/index.ts';
import { madeFrom, markdownTable } from './markdown.ts';

export function errorsPage(): string {
  return `${[
    madeFrom('src/contracts/error-codes.ts and src/language/diagnostics/codes.ts'),
    '# Errors',
    '## Of executions and operations',
    'The code is the `type` of the failure in Temporal, and what `braid` prints first. An operation that fails with a code that may be tried again is, until its time is over; the others end it at once. `exit` is the exit status of `braid`.',
    markdownTable(
      ['code', 'meaning', 'what to do', 'tried again', 'exit'],
      Object.entries(errorCodes).map(([code, { meaning, remedy, retryable, exit }]) => [
        `<a id="${code}"></a>\`${code}\``,
        meaning,
        remedy,
        retryable ? 'yes' : 'no',
        String(exit),
      ]),
    ),
    '## In blueprints',
    '`braid validate` tells all of them at once, each with file, line and column. The peer’s number is the one that Cloudify’s parser gives the same mistake.',
    markdownTable(
      ['code', 'meaning', 'what to do', 'severity', 'peer'],
      Object.entries(diagnosticCodes).map(([code, { summary, remedy, severity, peer }]) => [
        `<a id="${code}"></a>\`${code}\``,
        summary,
        remedy,
        severity,
        peer === null ? '' : String(peer),
      ]),
    ),
  ].join('\n\n')}\n`;
}
