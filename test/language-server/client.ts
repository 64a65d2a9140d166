import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  DidOpenTextDocumentNotification,
  DidChangeTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { root } from '../support/processes.ts';

/** A real editor's end of the protocol, with `braid lsp` as a process at the other. */
export type Editor = {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** Opens a document; its version is 1. */
  readonly open: (uri: string, text: string) => Promise<void>;
  /** Replaces all of a document. */
  readonly replace: (uri: string, version: number, text: string) => Promise<void>;
  /** Replaces a line of a document. */
  readonly replaceLine: (uri: string, version: number, line: number, text: string) => Promise<void>;
  /** What the server says of a document at a version, or later; waits until it says so. */
  readonly diagnostics: (uri: string, version: number) => Promise<readonly Diagnostic[]>;
  /** The next thing that the server says of a document that fulfils a condition. */
  readonly told: (
    uri: string,
    fits: (said: PublishDiagnosticsParams) => boolean,
  ) => Promise<PublishDiagnosticsParams>;
  /** Ends the server as the protocol has it; its exit status. */
  readonly end: () => Promise<number | null>;
};

/** `plugins`: the folder of plugins of one's own. */
export async function startEditor(
  folders: readonly string[],
  snippets = true,
  plugins?: string,
  related = true,
): Promise<Editor> {
  const server = spawn(process.execPath, [join(root, 'src/cli/main.mjs'), 'lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...(plugins === undefined ? {} : { BRAID_PLUGINS: plugins }) },
  });
  const exited = once(server, 'exit');
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const last = new Map<string, PublishDiagnosticsParams>();
  const listeners = new Set<() => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, (said) => {
    last.set(said.uri, said);
    for (const listener of listeners) listener();
  });
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.listen();

  const told: Editor['told'] = (uri, fits) => {
    const heard = Promise.withResolvers<PublishDiagnosticsParams>();
    const listen = (): void => {
      const said = last.get(uri);
      if (said !== undefined && fits(said)) heard.resolve(said);
    };
    listeners.add(listen);
    listen();
    return heard.promise.finally(() => listeners.delete(listen));
  };

  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: folders.map((folder) => ({ uri: pathToFileURL(folder).href, name: folder })),
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: snippets } },
        publishDiagnostics: { relatedInformation: related },
      },
      workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
    },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  return {
    connection,
    initialized,
    open: (uri, text) =>
      connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'yaml', version: 1, text },
      }),
    replace: (uri, version, text) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      }),
    replaceLine: (uri, version, line, text) =>
      connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [
          {
            range: { start: { line, character: 0 }, end: { line: line + 1, character: 0 } },
            text: `${text}\n`,
          },
        ],
      }),
    diagnostics: async (uri, version) =>
      (await told(uri, (said) => (said.version ?? 0) >= version)).diagnostics,
    told,
    async end() {
      await connection.sendRequest(ShutdownRequest.type);
      await connection.sendNotification(ExitNotification.type);
      const [status] = await exited;
      connection.dispose();
      return typeof status === 'number' ? status : null;
    },
  };
}
