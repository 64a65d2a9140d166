import { createConnection } from 'vscode-languageserver/node';
import { serve, type ServerOptions } from './server.ts';

/** Serves the editor at the other end of standard input and output; ends with it. */
export function serveStandardStreams(options: ServerOptions): void {
  serve(createConnection(process.stdin, process.stdout), options);
}
