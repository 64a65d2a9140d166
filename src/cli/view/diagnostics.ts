import { join } from 'node:path';
import type { Diagnostic, DiagnosticPlace } from '../../contracts/diagnostic.ts';
import { errorStyle } from '../style.ts';

/** More would be read by no one; what one mistake causes is gone when it is mended. */
const most = 200;

/** Each diagnostic with its line of the source, a caret below the place, and the imports and types that lead there. */
export async function diagnosticLines(
  diagnostics: readonly Diagnostic[],
  folder: string,
  source: (file: string) => Promise<string>,
): Promise<readonly string[]> {
  const linesOf = linesReader(source);
  const lines: string[] = [];
  for (const diagnostic of diagnostics.slice(0, most)) {
    lines.push(headline(diagnostic, folder), ...excerpt(diagnostic, await linesOf(diagnostic.file)));
    for (const place of diagnostic.importedFrom) lines.push(dim(`    imported at ${placeIn(folder, place)}`));
    if (diagnostic.types.length > 0) lines.push(dim(await typesLine(diagnostic.types, folder, linesOf)));
    if (diagnostic.hint !== null) lines.push(dim(`    ${diagnostic.hint}`));
  }
  if (diagnostics.length > most) lines.push(`… and ${diagnostics.length - most} more; --json has them all.`);
  return lines;
}

/** Places in the blueprint's own files only: those of the catalogue are nowhere that could be opened. */
async function typesLine(types: Diagnostic['types'], folder: string, linesOf: LinesOf): Promise<string> {
  const named = types.map(async ({ name, ...place }) => {
    return (await linesOf(place.file)).length > 0 ? `${name} at ${placeIn(folder, place)}` : name;
  });
  const [first, ...ancestors] = await Promise.all(named);
  return `    of the type ${first}${ancestors.length > 0 ? `, derived from ${ancestors.join(', ')}` : ''}`;
}

function dim(text: string): string {
  return errorStyle('dim', text);
}

function headline({ severity, code, message, ...place }: Diagnostic, folder: string): string {
  const colour = severity === 'error' ? 'red' : 'yellow';
  return `${placeIn(folder, place)}: ${errorStyle(colour, `${severity} ${code}`)}: ${printable(message)}`;
}

function placeIn(
  folder: string,
  { file, line, column }: Pick<DiagnosticPlace, 'file' | 'line' | 'column'>,
): string {
  return `${join(folder, file)}:${line}:${column}`;
}

type LinesOf = (file: string) => Promise<readonly string[]>;

/** A file is read once, however much is wrong in it; one of the catalogue has no path below the folder. */
function linesReader(source: (file: string) => Promise<string>): LinesOf {
  const read = new Map<string, Promise<readonly string[]>>();
  return (file) => {
    const known =
      read.get(file) ??
      source(file).then(
        (text) => text.split('\n'),
        () => [],
      );
    read.set(file, known);
    return known;
  };
}

/** How much of a long line is shown, and how much of that before the place. */
const width = { line: 160, before: 60 } as const;

function excerpt(
  { line, column, endLine, endColumn }: Diagnostic,
  lines: readonly string[],
): readonly string[] {
  const text = lines[line - 1];
  if (text === undefined) return [];
  const skipped = text.length > width.line ? Math.max(0, column - 1 - width.before) : 0;
  const shown = printable(text.slice(skipped, skipped + width.line)).trimEnd();
  const marked = endLine === line ? Math.max(1, endColumn - column) : 1;
  const carets = '^'.repeat(Math.max(1, Math.min(marked, width.line - (column - 1 - skipped))));
  return [`    ${shown}`, `    ${' '.repeat(column - 1 - skipped)}${carets}`];
}

/** What would move the cursor or colour the terminal is a blank. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
