import { createConnection } from 'vscode-languageserver/node';
import { serve } from './server.ts';

/** Serves the editor at the other end of standard input and output; ends with it. */
export function serveStandardStreams(version: string): void {
  serve(createConnection(process.stdin, process.stdout), version);
}
