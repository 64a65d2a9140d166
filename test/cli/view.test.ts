import { describe, expect, it } from 'vitest';
import { diagnosticLines } from '../../src/cli/view/diagnostics.ts';
import { failureLines } from '../../src/cli/view/failure.ts';
import { planLines } from '../../src/cli/view/plan.ts';
import { stepsOf } from '../../src/cli/view/plan-steps.ts';
import { countsOf, createTreeReader, type ProgressTree } from '../../src/cli/view/progress-tree.ts';
import { proofLines } from '../../src/cli/view/proof.ts';
import { renderTree } from '../../src/cli/view/render.ts';
import { outputsTable, table } from '../../src/cli/view/tables.ts';
import type { ExecutionProgress, InstanceProgress } from '../../src/contracts/progress.ts';
import { expand } from '../../src/topology/expand.ts';
import { planOf } from '../support/plans.ts';

/** What people read, without colours: standard output is no terminal here. */

const instance = (node: string, rest: Partial<InstanceProgress> = {}): InstanceProgress => ({
  id: `${node}_1`,
  node,
  state: 'uninitialized',
  operation: null,
  error: null,
  execution: null,
  ...rest,
});
const progressOf = (deployment: string, ...instances: InstanceProgress[]): ExecutionProgress => ({
  deployment,
  step: 'install',
  instances,
  done: instances.filter(({ state }) => state === 'started').length,
  total: instances.length,
});
const leaf = (deployment: string, ...instances: InstanceProgress[]): ProgressTree => ({
  progress: progressOf(deployment, ...instances),
  retries: [],
  parts: new Map(),
});

const plain = (_format: unknown, text: string): string => text;
const source = async (file: string): Promise<string> => {
  if (file !== 'a.yaml') throw new Error('no such file');
  return 'first\n  key: value\n';
};

describe('an execution on a terminal', () => {
  const tree: ProgressTree = {
    progress: progressOf(
      'chain',
      instance('cluster', { state: 'creating', operation: 'create' }),
      instance('router', { error: `no\nway ${'x'.repeat(100)}` }),
    ),
    retries: [{ implementation: 'a.b', failed: 2, reason: `Unreachable: no\nway ${'x'.repeat(50)}` }],
    parts: new Map([['cluster_1', leaf('part', instance('machine', { state: 'started' }))]]),
  };

  it('has a line an instance, those of components inside, what is tried again, and a bar', () => {
    expect(renderTree(tree, 12.4, 50)).toEqual([
      '  ● cluster  creating create',
      '    ✓ machine  started',
      `  ✗ router   uninitialized no way ${'x'.repeat(15)}…`,
      '  ↻ a.b failed 2 times and is tried again: Unreac…',
      '  ██████████░░░░░░░░░░░░░░░░░░░░ 1/3 node instances  12 s',
    ]);
    expect(countsOf(tree)).toEqual({ done: 1, total: 3 });
  });

  it('fits the columns that there are', () => {
    for (const columns of [40, 60, 200]) {
      for (const line of renderTree(tree, 1, columns).slice(0, -1))
        expect(line.length).toBeLessThanOrEqual(columns);
    }
  });

  it('has an empty bar when there is nothing to do', () => {
    expect(renderTree(leaf('none'), 0)).toEqual([`  ${'░'.repeat(30)} 0/0 node instances  0 s`]);
  });

  it('still shows a component when its own execution has ended', async () => {
    const told: Record<string, ExecutionProgress> = {
      parent: progressOf('chain', instance('cluster', { execution: 'child' })),
      child: progressOf('part', instance('machine', { state: 'started' })),
    };
    const read = createTreeReader({ progress: async (id: string) => told[id], retries: async () => [] });
    await read('parent');
    told['parent'] = progressOf('chain', instance('cluster', { state: 'started' }));
    expect((await read('parent'))?.parts.get('cluster_1')?.progress.deployment).toBe('part');
  });
});

describe('a failure', () => {
  it('says its code, what happened and what to do', () => {
    const failed = {
      exit: 1,
      code: 'Unowned',
      message: 'It is not ours.',
      remedy: 'Rename it.',
      details: null,
    } as const;
    expect(failureLines(failed, plain)).toEqual(['Unowned: It is not ours.', 'Rename it.']);
  });

  it('of operations has a line an instance', () => {
    const failures = [
      { instance: 'a_1', code: 'ScriptFailed', message: 'exit 1\nits output\n' },
      { instance: 'b_1', code: 'NotReady', message: 'late' },
    ];
    const message =
      'The install of x did not succeed. a_1: ScriptFailed: exit 1\nits output\n | b_1: NotReady: late 2 other instances wait for these.';
    const failed = {
      exit: 1,
      code: 'OperationsFailed',
      message,
      remedy: null,
      details: { failures, blocked: 2 },
    } as const;
    expect(failureLines(failed, plain)).toEqual([
      'OperationsFailed: The install of x did not succeed.',
      '  ✗ a_1  ScriptFailed: exit 1\n      its output',
      '  ✗ b_1  NotReady: late',
      '  2 other instances waited for these',
    ]);
  });
});

/** A tab and a colour in a line of a thousand characters. */
const long = async (): Promise<string> => `${'x'.repeat(500)}\t\u001b[31m here ${'y'.repeat(500)}`;

describe('a diagnostic', () => {
  const at = {
    code: 'c',
    severity: 'error',
    message: 'Wrong.',
    file: 'a.yaml',
    hint: 'Do.',
    peerCode: null,
    importedFrom: [],
    types: [],
    docs: 'docs/errors.md#c',
  } as const;

  it('shows the place under its line', async () => {
    const place = { line: 2, column: 8, endLine: 2, endColumn: 13 };
    expect(await diagnosticLines([{ ...at, ...place }], 'folder', source)).toEqual([
      'folder/a.yaml:2:8: error c: Wrong.',
      '      key: value',
      '           ^^^^^',
      '    Do.',
    ]);
  });

  it('shows one caret for a place of several lines, and none where the source is not here', async () => {
    const place = { line: 1, column: 1, endLine: 3, endColumn: 4, hint: null };
    expect(await diagnosticLines([{ ...at, ...place }], '.', source)).toEqual([
      'a.yaml:1:1: error c: Wrong.',
      '    first',
      '    ^',
    ]);
    const elsewhere = await diagnosticLines([{ ...at, ...place, file: 'b.yaml' }], '.', source);
    expect(elsewhere).toEqual(['b.yaml:1:1: error c: Wrong.']);
  });

  it('shows the imports that lead to its file', async () => {
    const place = { line: 2, column: 1, endLine: 2, endColumn: 2, file: 'b.yaml' };
    const importedFrom = [{ file: 'a.yaml', line: 1, column: 3, endLine: 1, endColumn: 9 }];
    expect(await diagnosticLines([{ ...at, ...place, importedFrom }], 'folder', source)).toEqual([
      'folder/b.yaml:2:1: error c: Wrong.',
      '    imported at folder/a.yaml:1:3',
      '    Do.',
    ]);
  });

  it('shows the types that ask for it, and where those of the blueprint are', async () => {
    const place = { line: 2, column: 1, endLine: 2, endColumn: 2, hint: null };
    const root = { name: 'cloudify.nodes.Root', file: 'cloudify/types/types.yaml' };
    const types = [
      { name: 'server', file: 'a.yaml', line: 3, column: 3, endLine: 3, endColumn: 9 },
      { ...root, line: 39, column: 3, endLine: 39, endColumn: 22 },
    ];
    const lines = await diagnosticLines([{ ...at, ...place, types }], 'folder', source);
    expect(lines.at(-1)).toBe(
      '    of the type server at folder/a.yaml:3:3, derived from cloudify.nodes.Root',
    );
  });

  it('shows the part of a long line where the place is, without what would move the cursor', async () => {
    const place = { line: 1, column: 508, endLine: 1, endColumn: 512 };
    const [, text = '', carets = ''] = await diagnosticLines([{ ...at, ...place }], '.', long);
    expect(text.slice(4)).toHaveLength(160);
    expect(text).not.toMatch(/\p{Cc}/u);
    expect(text.slice(carets.indexOf('^'), carets.indexOf('^') + 4)).toBe('here');
    expect(carets.trim()).toBe('^^^^');
  });

  it('is one of two hundred at most', async () => {
    const place = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    const all = Array.from({ length: 203 }, () => ({ ...at, ...place, file: 'b.yaml', hint: null }));
    const lines = await diagnosticLines(all, '.', source);
    expect(lines.slice(-1)).toEqual(['… and 3 more; --json has them all.']);
    expect(lines).toHaveLength(201);
  });
});

describe('a table', () => {
  it('has columns as wide as they need', () => {
    expect(table([['a'], ['long', 'b', 'c'], ['', 'bb']])).toEqual(['a', 'long  b   c', '      bb']);
    expect(table([])).toEqual([]);
  });

  it('of outputs shows texts as they are and other values as JSON', () => {
    expect(outputsTable({ url: 'http://a', ports: [1, 2] })).toEqual(['  url    http://a', '  ports  [1,2]']);
  });
});

it('a plan tells what each instance waits for and does', () => {
  let count = 0;
  const plan = planOf({
    base: {},
    app: { operations: { 'cloudify.interfaces.lifecycle.create': 'scripts.run' }, needs: ['base'] },
  });
  const instances = expand(plan, () => String((count += 1)));
  expect(planLines(plan, instances, stepsOf(plan, instances))).toEqual([
    '2 node instances, of 2 node templates',
    '  base_1  cloudify.nodes.Root',
    '  app_2  cloudify.nodes.Root  after base_1',
    '      create: scripts.run',
  ]);
});

it('a proof shows the answers, only the hops that were measured, the control and the verdict', () => {
  const lines = proofLines({
    deployment: 'chain',
    proven: false,
    traffic: [
      {
        instance: 'probe_1',
        evidence: {
          url: 'http://lb/',
          from: 'worker',
          expected: 'both pages',
          answers: [
            { ok: true, status: 200, body: 'page one\n', milliseconds: 3.4 },
            { ok: false, reason: 'timed out', milliseconds: 5000 },
          ],
        },
      },
    ],
    hops: [
      { instance: 'r_1', role: 'router', at: 'm', addresses: ['10.0.0.1'], grown: { packets: 7, drops: 0 } },
    ],
    controls: [{ instance: 'r_1', trafficStopped: true, trafficCameBack: false }],
    problems: ['one request failed'],
  });
  expect(lines).toEqual([
    'curl http://lb/ from worker',
    '   1  200  page one  (3 ms)',
    '   2  failed  timed out  (5000 ms)',
    '',
    'The path, with what each hop counted in this run:',
    '  worker',
    '    │',
    '    ▼',
    '  router at m (10.0.0.1)',
    '    +7 packets',
    '    │',
    '    ▼',
    '  page one',
    'Control: without r_1 traffic stopped; with it again it DID NOT COME BACK.',
    '',
    '✗ chain is not proven.',
    '  one request failed',
  ]);
});
