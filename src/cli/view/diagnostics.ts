import { join } from 'node:path';
import type { Diagnostic } from '../../contracts/diagnostic.ts';
import { errorStyle } from '../style.ts';

/** Each diagnostic with its line of the source and a caret below the place. */
export async function diagnosticLines(
  diagnostics: readonly Diagnostic[],
  folder: string,
  source: (file: string) => Promise<string>,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const diagnostic of diagnostics) {
    lines.push(headline(diagnostic, folder), ...(await excerpt(diagnostic, source)));
    if (diagnostic.hint !== null) lines.push(errorStyle('dim', `    ${diagnostic.hint}`));
  }
  return lines;
}

function headline({ severity, file, line, column, code, message }: Diagnostic, folder: string): string {
  const colour = severity === 'error' ? 'red' : 'yellow';
  return `${join(folder, file)}:${line}:${column}: ${errorStyle(colour, `${severity} ${code}`)}: ${message}`;
}

async function excerpt(
  { file, line, column, endLine, endColumn }: Diagnostic,
  source: (file: string) => Promise<string>,
): Promise<readonly string[]> {
  try {
    const text = (await source(file)).split('\n')[line - 1];
    if (text === undefined) return [];
    const width = endLine === line ? Math.max(1, endColumn - column) : 1;
    return [`    ${text}`, `    ${' '.repeat(column - 1)}${'^'.repeat(width)}`];
  } catch {
    // A file of the catalogue has no path below the folder.
    return [];
  }
}
