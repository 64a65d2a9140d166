import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { createOutput } from '../src/cli/output.ts';
import { table } from '../src/cli/view/tables.ts';
import { blueprintText, type Shape, shapes } from './lib/blueprint-text.ts';
import { median } from './lib/median.ts';
import { peerSeconds } from './lib/peer-parser.ts';

/** `npm run bench:language`: how long blueprints take to parse and plan, by Cloudify's parser and by Braid. */
const usage = `npm run bench:language -- [options]
  --rounds N   how often each blueprint is read (default: 3)
  --json       print one JSON value`;

const compared = [100, 300, 1000];
const alone = [1000, 3000, 10_000, 30_000];
const run = promisify(execFile);
const resultSchema = z.object({ seconds: z.array(z.number()), bytes: z.number() });
const inCheckout = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const output = createOutput(values.json);
if (values.help) output.line(usage);
else await bench(Number(values.rounds));

async function bench(rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'braid-bench-language-'));
  try {
    const beside = await compare(folder, rounds);
    const grown = await grow(folder);
    const command = await commandSeconds(folder, rounds);
    for (const line of [...besideLines(beside), '', ...grownLines(grown), '', commandLine(command)]) {
      output.line(line);
    }
    output.value({ compared: beside, alone: grown, command });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Compared = {
  readonly shape: Shape;
  readonly nodes: number;
  readonly peer: number;
  readonly braid: number;
};

/** Medians of the seconds; each side reads all files in one process. */
async function compare(folder: string, rounds: number): Promise<readonly Compared[]> {
  const cases = shapes.flatMap((shape) => compared.map((nodes) => ({ shape, nodes })));
  const files = await Promise.all(cases.map(({ shape, nodes }) => written(folder, shape, nodes)));
  const peers: (readonly number[])[] = [];
  for (const [index, file] of files.entries()) {
    const at = `${index + 1} of ${files.length}`;
    output.note(`Cloudify's parser reads ${basename(file)} (${at}), which may take minutes…`);
    peers.push(await peerSeconds(file, rounds));
  }
  const own = await ownResults(files, rounds);
  return cases.map((one, index) => ({
    ...one,
    peer: median(peers[index] ?? []),
    braid: median(own[index]?.seconds ?? []),
  }));
}

type Grown = {
  readonly shape: Shape;
  readonly nodes: number;
  readonly seconds: number;
  readonly megabytes: number;
};

/** Each in a process of its own, which has done nothing before: what the engine learns on the way counts. */
async function grow(folder: string): Promise<readonly Grown[]> {
  const results: Grown[] = [];
  for (const shape of shapes) {
    for (const nodes of alone) {
      const [result] = await ownResults([await written(folder, shape, nodes)], 1);
      results.push({
        shape,
        nodes,
        seconds: result?.seconds[0] ?? Number.NaN,
        megabytes: (result?.bytes ?? Number.NaN) / 1e6,
      });
    }
  }
  return results;
}

/** Of `braid plan` for 1,000 nodes, the start of the process and its output included. */
async function commandSeconds(folder: string, rounds: number): Promise<number> {
  const file = await written(folder, 'layered', 1000);
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await run(process.execPath, [inCheckout('../src/cli/main.mjs'), 'plan', file], {
      maxBuffer: 64 * 1024 * 1024,
    });
    seconds.push((performance.now() - began) / 1000);
  }
  return median(seconds);
}

async function ownResults(files: readonly string[], rounds: number) {
  const script = inCheckout('lib/own-parser.ts');
  const { stdout } = await run(process.execPath, [script, String(rounds), ...files]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => resultSchema.parse(JSON.parse(line)));
}

async function written(folder: string, shape: Shape, nodes: number): Promise<string> {
  const file = join(folder, `${shape}-${nodes}.yaml`);
  await writeFile(file, blueprintText(shape, nodes));
  return file;
}

function besideLines(results: readonly Compared[]): readonly string[] {
  return table([
    ['blueprint', 'Cloudify', 'Braid', 'ratio'],
    ...results.map(({ shape, nodes, peer, braid }) => [
      `${nodes} nodes, ${shape}`,
      `${(peer * 1000).toFixed(0)} ms`,
      `${(braid * 1000).toFixed(1)} ms`,
      (peer / braid).toFixed(0),
    ]),
  ]);
}

function grownLines(results: readonly Grown[]): readonly string[] {
  return table([
    ['Braid alone', 'seconds', 'MB', 'of a tenth of the nodes: time', 'memory'],
    ...results.map(({ shape, nodes, seconds, megabytes }) => {
      const tenth = results.find((one) => one.shape === shape && one.nodes === nodes / 10);
      return [
        `${nodes} nodes, ${shape}`,
        seconds.toFixed(2),
        megabytes.toFixed(0),
        tenth === undefined ? '' : (seconds / tenth.seconds).toFixed(1),
        tenth === undefined ? '' : (megabytes / tenth.megabytes).toFixed(1),
      ];
    }),
  ]);
}

function commandLine(seconds: number): string {
  return `braid plan of 1000 nodes, layered, with the start of the process: ${seconds.toFixed(2)} s`;
}
