import {
  type CompletionItem,
  CompletionItemKind,
  type Diagnostic,
  DiagnosticSeverity,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
  type Range,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DiagnosticPlace } from '../contracts/diagnostic.ts';
import type { CompletionKind, Completions } from '../editor/completion.ts';
import { positionOf, type Place } from '../language/source/place.ts';
import type { Problem } from './related.ts';

/** What the editor is told, in its own words: lines and columns from 0, columns in UTF-16 units. */

/** `uriOf`: the address of the file that has a key; null: the editor shows no places beside that of the problem. */
export function diagnosticOf(problem: Problem, uriOf: ((key: string) => string) | null): Diagnostic {
  const { code, severity, message, hint, docs, related } = problem;
  return {
    source: 'braid',
    code,
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    codeDescription: { href: new URL(`../../${docs}`, import.meta.url).href },
    message: hint === null ? message : `${message}\n${hint}`,
    range: rangeTold(problem),
    ...(uriOf === null || related.length === 0
      ? {}
      : {
          relatedInformation: related.map(({ key, place, message: why }) => ({
            location: { uri: uriOf(key), range: rangeTold(place) },
            message: why,
          })),
        }),
  };
}

function rangeTold({ line, column, endLine, endColumn }: DiagnosticPlace): Range {
  return {
    start: { line: line - 1, character: column - 1 },
    end: { line: endLine - 1, character: endColumn - 1 },
  };
}

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  property: CompletionItemKind.Property,
  type: CompletionItemKind.Class,
  name: CompletionItemKind.Reference,
  value: CompletionItemKind.Value,
  function: CompletionItemKind.Function,
  file: CompletionItemKind.File,
  operation: CompletionItemKind.Method,
};

/** `snippets`: whether the editor fills in places in what it inserts. */
export function completionItems(
  { start, end, candidates }: Completions,
  document: TextDocument,
  snippets: boolean,
): readonly CompletionItem[] {
  const range = rangeOf(start, end, document);
  return candidates.map(({ label, kind, detail, description, insert }) => ({
    label,
    kind: kinds[kind],
    ...(detail === null ? {} : { detail }),
    ...(description === null ? {} : { documentation: { kind: MarkupKind.Markdown, value: description } }),
    insertTextFormat: snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    insertTextMode: InsertTextMode.adjustIndentation,
    textEdit: { range, newText: snippets ? insert : withoutPlaces(insert) },
  }));
}

function withoutPlaces(insert: string): string {
  return insert.replaceAll(/\$\d/g, '').replace(/\n.*$/s, '');
}

export function rangeOf(start: number, end: number, document: TextDocument): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function rangeOfPlace({ file, start, end }: Place): Range {
  const [from, to] = [positionOf(file, start), positionOf(file, end)];
  return {
    start: { line: from.line - 1, character: from.column - 1 },
    end: { line: to.line - 1, character: to.column - 1 },
  };
}
