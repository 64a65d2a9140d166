import { expect } from 'vitest';
import { expectHealthy, gone } from './cases.ts';
import type { Instance } from './instance.ts';
import type { Killed, Step } from './kind.ts';
import { runKilled } from './process.ts';

export async function madeOnce(instance: Instance, killed: Killed): Promise<void> {
  const { census, steps } = instance.kind;
  const making = killed.ensure ?? steps.ensure;
  await gone(instance);
  await instance.run(making);
  const whole = await census();
  await killedEachTime(instance, killed, making, {
    before: () => gone(instance),
    after: async () => expect(await census()).toEqual(whole),
  });
  await instance.ensure();
  await expectHealthy(instance);
}

export async function removedWholly(
  instance: Instance,
  { at, ensure }: Killed,
  removing: readonly Step[],
): Promise<void> {
  const making = ensure ?? instance.kind.steps.ensure;
  await killedEachTime(instance, { at }, removing, {
    before: async () => void (await instance.run(making)),
    after: async () => expect(await instance.kind.census()).toEqual([]),
  });
}

type Around = { readonly before: () => Promise<void>; readonly after: () => Promise<void> };

/** Until the process ends by itself, having had all its answers. The steps are run again after each kill. */
async function killedEachTime(
  instance: Instance,
  { at, effects = () => Promise.resolve(0) }: Killed,
  steps: readonly Step[],
  around: Around,
): Promise<void> {
  const [step] = steps;
  if (step === undefined) throw new Error('there is no step to be killed');
  const counts = 'effects' in instance.kind.killed && steps === instance.kind.steps.ensure;
  for (let answer = 1; ; answer += 1) {
    instance.again();
    await around.before();
    const counted = await effects();
    const { ended } = await runKilled(instance, step, at, answer);
    await instance.run(steps);
    await around.after();
    expect((await effects()) - counted).toBe(counts ? 1 : 0);
    if (ended === 'killed') continue;
    expect([ended, answer > 1]).toEqual(['well', true]);
    return;
  }
}
