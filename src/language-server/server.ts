import {
  type ClientCapabilities,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeResult,
  MarkupKind,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { mostCharacters } from '../editor/problems.ts';
import { addressOf, locationOf, pathOf } from './check.ts';
import { completionItems, diagnosticOf, rangeOf } from './convert.ts';
import { createFeatures } from './features.ts';
import type { Problem } from './related.ts';
import { createWorkspace } from './workspace.ts';

/** `plugins`: the folder of plugins of one's own; null: there is none. */
export type ServerOptions = { readonly version: string; readonly plugins: string | null };

/** Serves blueprints to an editor over a connection, until the connection ends. */
export function serve(connection: Connection, { version, plugins }: ServerOptions): void {
  const documents = new TextDocuments(TextDocument);
  let capabilities: ClientCapabilities = {};
  let roots: readonly string[] = [];
  const published = new Set<string>();

  const overlay = (key: string): string | undefined => openByKey().get(key)?.getText();
  const workspace = createWorkspace({
    open: () => documents.all().map((one) => ({ location: locationOf(one.uri), text: one.getText() })),
    overlay,
    plugins,
    roots: () => roots,
    publish,
    failed: (error) => connection.console.error(String(error instanceof Error ? error.stack : error)),
  });
  const features = createFeatures(workspace, overlay, plugins);

  connection.onInitialize((parameters): InitializeResult => {
    capabilities = parameters.capabilities;
    roots = (parameters.workspaceFolders ?? []).flatMap(({ uri }) => pathOf(uri) ?? []);
    return {
      serverInfo: { name: 'braid', version },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        completionProvider: { triggerCharacters: [' ', '[', '{', '.', '/', '"', "'"] },
        hoverProvider: true,
        definitionProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });
  connection.onInitialized(async () => {
    if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
      const watchers = [{ globPattern: '**/*.{yaml,yml,sh,py}' }];
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (capabilities.workspace?.workspaceFolders === true) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map(({ uri }) => pathOf(uri)));
        roots = [...roots.filter((one) => !gone.has(one)), ...added.flatMap(({ uri }) => pathOf(uri) ?? [])];
        workspace.look();
      });
    }
  });
  connection.onDidChangeWatchedFiles(() => workspace.look());
  documents.onDidOpen(() => workspace.look());
  documents.onDidClose(() => workspace.look());
  documents.onDidChangeContent(({ document }) => workspace.change(locationOf(document.uri).key));

  connection.onCompletion(async ({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    const found = document && (await features.complete(document, document.offsetAt(position)));
    if (document === undefined || found == null) return null;
    const snippets = capabilities.textDocument?.completion?.completionItem?.snippetSupport === true;
    return [...completionItems(found, document, snippets)];
  });
  connection.onHover(async ({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    const found = document && (await features.hover(document, document.offsetAt(position)));
    if (document === undefined || found == null) return null;
    const contents = { kind: MarkupKind.Markdown, value: found.markdown };
    return { contents, range: rangeOf(found.start, found.end, document) };
  });
  connection.onDefinition(async ({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    const found = document && (await features.define(document, document.offsetAt(position)));
    return found ? { ...found, uri: openUri(found.uri) } : null;
  });
  documents.listen(connection);
  connection.listen();

  function openByKey(): ReadonlyMap<string, TextDocument> {
    return new Map(documents.all().map((one) => [locationOf(one.uri).key, one]));
  }

  /** The address by which the editor calls a file, which may be spelt in more than one way. */
  function openUri(uri: string): string {
    return openByKey().get(locationOf(uri).key)?.uri ?? uri;
  }

  function publish(problems: ReadonlyMap<string, readonly Problem[]>): void {
    const open = openByKey();
    const uriOf = (key: string): string => open.get(key)?.uri ?? addressOf(key);
    const shown = capabilities.textDocument?.publishDiagnostics?.relatedInformation === true ? uriOf : null;
    for (const key of new Set([...published, ...open.keys(), ...problems.keys()])) {
      const document = open.get(key);
      const found = problems.get(key) ?? [];
      if (found.length > 0) published.add(key);
      else published.delete(key);
      const tooLarge = document !== undefined && document.getText().length > mostCharacters;
      void connection.sendDiagnostics({
        uri: uriOf(key),
        ...(document === undefined ? {} : { version: document.version }),
        diagnostics: tooLarge ? [tooLargeNotice] : found.map((one) => diagnosticOf(one, shown)),
      });
    }
  }
}

const start = { line: 0, character: 0 };
const tooLargeNotice = {
  source: 'braid',
  code: 'too-large',
  severity: 3,
  message: `This file has more than ${mostCharacters} characters and is not checked while you type. \`braid validate\` checks it.`,
  range: { start, end: start },
} as const;
