import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blueprintText, type Shape, shapes } from '../../bench/lib/blueprint-text.ts';
import { type Compiled, createMemory, type Memory } from '../../src/language/index.ts';
import { blueprints, type Files } from '../support/blueprint-arbitraries.ts';
import { compileFiles, type Options } from './compile-text.ts';

/** What compiles leave for each other changes only how long they take. */

const words = [
  'a',
  'b',
  'n1',
  'n2',
  'zone',
  'port',
  'tasks.create',
  'get_property',
  '[',
  '}',
  ':',
  '-',
  '80',
  '',
];

describe('a blueprint that is compiled again and again as it is edited', () => {
  it.each<[string, Options]>([
    ['validated', { inputs: null }],
    ['planned', { inputs: {} }],
  ])('gives when it is %s what it gives at first sight', async (_how, options) => {
    await fc.assert(
      fc.asyncProperty(written(), fc.array(edit(), { minLength: 1, maxLength: 6 }), async (start, edits) => {
        const memory = createMemory();
        let files = start;
        for (const one of edits) {
          files = { ...files, 'main.yaml': changed(files['main.yaml'] ?? '', one) };
          const [fresh, again] = [await told(files, options), await told(files, options, memory)];
          expect(isYaml(again)).toBe(isYaml(fresh));
          expect(isYaml(again) ? again : fresh).toEqual(fresh);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('tells of others what an edit does to them, and takes that back', async () => {
    const memory = createMemory();
    const text = blueprintText('layered', 30);
    const codes = async (now: string) =>
      (await compiled(now, { inputs: {} }, memory)).diagnostics.map(({ code, line }) => [code, line]);
    expect(await codes(text)).toEqual([]);
    const without = text.replace('      port: { type: integer, default: 80 }\n', '');
    const broken = await codes(without);
    expect(broken.length).toBeGreaterThan(30);
    expect(broken).toEqual(
      (await compiled(without, { inputs: {} })).diagnostics.map(({ code, line }) => [code, line]),
    );
    expect(await codes(text)).toEqual([]);
  });

  it('plans anew what reads what was edited, and nothing else', async () => {
    const memory = createMemory();
    const text = blueprintText('wide', 20);
    const first = await compiled(text, { inputs: {} }, memory);
    const second = await compiled(text.replace('port: 1005\n', 'port: 5\n'), { inputs: {} }, memory);
    const third = await compiled(text.replace('port: 1000\n', 'port: 5\n'), { inputs: {} }, memory);
    const same = (one: typeof first, other: typeof first) =>
      Object.entries(one.plan?.nodes ?? {}).filter(([name, node]) => other.plan?.nodes[name] === node).length;
    expect(same(first, second)).toBe(19);
    expect(second.plan?.nodes['n5']?.properties).toMatchObject({ port: 5 });
    // All of them read the first one's port.
    expect(same(second, third)).toBe(0);
    expect(third.plan?.nodes['n7']?.properties).toMatchObject({ peer: 5 });
  });
});

async function told(files: Files, options: Options, memory?: Memory) {
  const remembering = memory === undefined ? {} : { memory };
  const { plan, diagnostics } = await compileFiles(files, { ...options, ...remembering });
  return { plan, diagnostics };
}

/** Where it is not, what is read by pieces says so in other words. */
function isYaml({ diagnostics }: Pick<Compiled, 'diagnostics'>): boolean {
  return diagnostics.every(({ code }) => code !== 'invalid-yaml');
}

function compiled(text: string, options: Options, memory?: Memory) {
  return told({ 'main.yaml': text }, options, memory);
}

function written(): fc.Arbitrary<Files> {
  const sized = fc.record({
    shape: fc.constantFrom<Shape>(...shapes),
    nodes: fc.integer({ min: 1, max: 8 }),
  });
  return fc.oneof(
    sized.map(({ shape, nodes }) => ({ 'main.yaml': blueprintText(shape, nodes) })),
    blueprints,
  );
}

type Edit = {
  readonly line: number;
  readonly how: 'delete' | 'double' | 'word';
  readonly word: string;
  readonly at: number;
};

function edit(): fc.Arbitrary<Edit> {
  const share = fc.double({ min: 0, max: 0.999, noNaN: true });
  return fc.record({
    line: share,
    how: fc.constantFrom<Edit['how']>('delete', 'double', 'word', 'word', 'word'),
    word: fc.constantFrom(...words),
    at: share,
  });
}

function changed(text: string, { line, how, word, at }: Edit): string {
  const lines = text.split('\n');
  const index = Math.floor(line * lines.length);
  const old = lines[index] ?? '';
  const parts = old.split(/([\w.]+)/);
  const part = Math.floor(at * parts.length);
  const now = parts.map((one, position) => (position === part ? word : one)).join('');
  lines.splice(index, 1, ...(how === 'delete' ? [] : how === 'double' ? [old, old] : [now]));
  return lines.join('\n');
}
