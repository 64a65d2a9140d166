import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '../../src/store/store.ts';
import type { Usage } from '../../src/store/usage.ts';
import { root } from '../support/processes.ts';

let state: string;
let store: Store;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'braid-usage-'));
  store = await openOne();
});
afterEach(() => rm(state, { recursive: true }));

const openOne = (): Promise<Store> => openStore(state, join(root, 'test/starting/blueprints'), {});
const nobody: ReadonlySet<string> = new Set();

function usageBy(runId: string, plans: readonly string[], blueprints: readonly string[] = []): Usage {
  return { home: 'here', run: { execution: `install:${runId}`, runId }, deployment: null, plans, blueprints };
}

test('what its last user no longer needs is removed, and the note of it', async () => {
  const plan = await store.values.put([1]);
  const { reference } = await store.blueprints.put('tiny/blueprint.yaml');
  const [one, other] = [usageBy('1', [plan], [reference]), usageBy('2', [plan])];
  await store.usage.say(one);
  await store.usage.say(other);
  await store.usage.narrow(one, nobody, nobody);
  expect(await store.values.exists(plan)).toBe(true);
  await expect(store.blueprints.list(reference)).rejects.toMatchObject({ type: 'BlueprintNotFound' });
  await store.usage.narrow(other, nobody, nobody);
  expect(await store.values.exists(plan)).toBe(false);
  expect(await readdir(join(state, 'used'))).toEqual([]);
  expect(await readdir(join(state, 'blueprints'))).toEqual([]);
});

test('what is still needed stays, and what others are known to need', async () => {
  const [kept, known, gone] = await Promise.all([[1], [2], [3]].map((value) => store.values.put(value)));
  const usage = usageBy(
    '1',
    [kept, known, gone].filter((each) => each !== undefined),
  );
  await store.usage.say(usage);
  await store.usage.narrow(usage, new Set([kept ?? '']), new Set([known ?? '']));
  expect(await store.usage.list()).toEqual([{ ...usage, plans: [kept] }]);
  expect(await Promise.all([kept, known, gone].map((each) => store.values.exists(each ?? '')))).toEqual([
    true,
    true,
    false,
  ]);
});

test('an execution that says anew what it uses says it instead', async () => {
  await store.usage.say(usageBy('1', []));
  await store.usage.say({ ...usageBy('1', ['hmac-sha256:x']), deployment: 'chain' });
  expect(await store.usage.list()).toHaveLength(1);
});

test('whatever is put while it is removed is there afterwards, for whoever said so before', async () => {
  for (let round = 0; round < 30; round += 1) {
    const plan = await store.values.put({ round });
    const before = usageBy(`before ${round}`, [plan]);
    await store.usage.say(before);
    const other = await openOne();
    await Promise.all([
      store.usage.narrow(before, nobody, nobody),
      other.values.put({ round }, (reference) => other.usage.say(usageBy(`after ${round}`, [reference]))),
    ]);
    expect(await store.values.get(plan)).toEqual({ round });
  }
});

test('notes hold references alone, for the owner alone', async () => {
  await store.usage.say(usageBy('1', ['hmac-sha256:x']));
  const [name = ''] = await readdir(join(state, 'used'));
  expect((await stat(join(state, 'used'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(state, 'used', name))).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(join(state, 'used', name), 'utf8'))).toEqual(
    usageBy('1', ['hmac-sha256:x']),
  );
});
