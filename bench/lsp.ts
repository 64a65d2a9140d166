import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CompletionRequest } from 'vscode-languageserver-protocol/node';
import { createOutput } from '../src/cli/output.ts';
import { table } from '../src/cli/view/tables.ts';
import { type Editor, startEditor } from '../test/language-server/client.ts';
import { blueprintText, type Shape, shapes } from './lib/blueprint-text.ts';
import { median } from './lib/median.ts';

/** `npm run bench:lsp`: how fast the language server answers to what is typed, over the protocol. */
const usage = `npm run bench:lsp -- [options]
  --nodes N    of each blueprint (default: 1000)
  --edits N    how much is typed (default: 50)
  --json       print one JSON value`;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    edits: { type: 'string', default: '50' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const output = createOutput(values.json);
if (values.help) output.line(usage);
else await bench(Number(values.nodes), Number(values.edits));

type Result = {
  readonly shape: Shape;
  /** Milliseconds. */
  readonly first: number;
  readonly edits: readonly number[];
  readonly completions: readonly number[];
};

async function bench(nodes: number, edits: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-bench-lsp-'));
  try {
    const results: Result[] = [];
    for (const shape of shapes) results.push(await measure(folder, shape, nodes, edits));
    for (const line of resultLines(results)) output.line(line);
    output.value(results);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, shape: Shape, nodes: number, edits: number): Promise<Result> {
  const text = blueprintText(shape, nodes);
  const file = join(folder, `${shape}.yaml`);
  await writeFile(file, text);
  const uri = pathToFileURL(file).href;
  const editor = await startEditor([folder]);
  try {
    const first = await milliseconds(async () => {
      await editor.open(uri, text);
      await editor.diagnostics(uri, 1);
    });
    const times: number[] = [];
    const completions: number[] = [];
    for (let edit = 0; edit < edits; edit += 1) {
      const version = edit + 2;
      // Nodes all over the file, one after the other; an editor sends the line that was changed.
      const node = (edit * 37) % nodes;
      const line = lineOf(text, `      port: ${1000 + node}`);
      times.push(await milliseconds(() => typed(editor, uri, version, line, `      port: ${edit}`)));
      completions.push(await milliseconds(() => completed(editor, uri, line + 1)));
    }
    return { shape, first, edits: times, completions };
  } finally {
    await editor.end();
  }
}

async function typed(
  editor: Editor,
  uri: string,
  version: number,
  line: number,
  text: string,
): Promise<void> {
  await editor.replaceLine(uri, version, line, text);
  await editor.diagnostics(uri, version);
}

async function completed(editor: Editor, uri: string, line: number): Promise<void> {
  const position = { line, character: '      peer: '.length };
  await editor.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
}

function lineOf(text: string, wanted: string): number {
  return text.slice(0, text.indexOf(`${wanted}\n`)).split('\n').length - 1;
}

async function milliseconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function resultLines(results: readonly Result[]): readonly string[] {
  return table([
    ['blueprint', 'opened', 'edit checked', 'the slowest', 'completed', 'the slowest'],
    ...results.map(({ shape, first, edits, completions }) => [
      shape,
      shown(first),
      shown(median(edits)),
      shown(Math.max(...edits)),
      shown(median(completions)),
      shown(Math.max(...completions)),
    ]),
  ]);
}

function shown(value: number): string {
  return `${value.toFixed(1)} ms`;
}
