import { CancelledFailure } from '@temporalio/common';
import { expect } from 'vitest';
import { type Instance, instanceOf } from './instance.ts';
import type { Cancelled, Change, Drift, Fault, Foreign } from './kind.ts';

export async function ensuredTwice(instance: Instance): Promise<void> {
  const { kind } = instance;
  const { lasting = (noted) => noted } = kind;
  const first = await instance.ensure();
  const before = await kind.record();
  if (kind.settled === 'in every execution') instance.again();
  expect(lasting(await instance.ensure())).toEqual(lasting(first));
  expect(await kind.record()).toEqual(before);
  await expectHealthy(instance);
  expect(await kind.record()).toEqual(before);
}

export async function corrected(instance: Instance, drift: Drift): Promise<void> {
  await instance.ensure();
  const before = await instance.kind.declared();
  await drift.happen(instance);
  const health = await instance.check();
  if (health !== undefined) {
    expect(health).toMatchObject({ healthy: false, reason: expect.stringMatching(drift.told) });
  }
  instance.again();
  await instance.heal();
  await expectHealthy(instance);
  expect(await instance.kind.declared()).toEqual(before);
}

export async function adopted(instance: Instance, { make }: Foreign): Promise<void> {
  const { kind } = instance;
  await gone(instance);
  await make();
  const before = await kind.record();
  await expect(instance.ensure()).rejects.toMatchObject({ type: 'Unowned', nonRetryable: true });
  await instance.remove();
  expect(await kind.record()).toEqual(before);
  await instance.ensure({ adopt: true });
  await expectHealthy(instance);
  const taken = await kind.record();
  await instance.ensure();
  expect(await kind.record()).toEqual(taken);
  await gone(instance);
}

/** `elsewhere`: what makes it another deployment's instance of the same name. */
export async function leftToItsOwner(instance: Instance, elsewhere: Change): Promise<void> {
  await instance.ensure();
  const before = await instance.kind.record();
  const other = instanceOf(instance.kind);
  await expect(other.ensure(elsewhere)).rejects.toMatchObject({
    type: 'Unowned',
    nonRetryable: true,
    message: expect.stringContaining(instance.kind.deployment),
  });
  await other.remove(elsewhere);
  expect(await instance.kind.record()).toEqual(before);
}

/** To a worker of another installation everything else is the same. */
export async function leftToItsInstallation(instance: Instance): Promise<void> {
  const { kind } = instance;
  await instance.ensure();
  const before = await kind.record();
  const other = instanceOf(kind);
  const change = { services: { ...kind.worker().services, installation: 'elsewhere' } };
  const whose = expect.stringContaining('belongs to another installation of Braid (here)');
  const refused = { type: 'Unowned', nonRetryable: true, message: whose };
  expect(await other.check(change)).toMatchObject({ healthy: false, reason: whose });
  await expect(other.ensure(change)).rejects.toMatchObject(refused);
  await expect(other.heal(change)).rejects.toMatchObject(refused);
  await other.remove(change);
  expect(await kind.record()).toEqual(before);
  await expectHealthy(instance);
}

export async function knownAgain(instance: Instance, { before }: Foreign): Promise<void> {
  await gone(instance);
  await before.make(instance);
  const identity = await before.identity();
  expect(await before.told()).toEqual(before.kept.map(() => ''));
  await expectHealthy(instance);
  instance.again();
  await instance.heal();
  await instance.ensure();
  expect(await before.told()).toEqual(before.kept);
  expect(await before.identity()).toEqual(identity);
  await expectHealthy(instance);
  await gone(instance);
}

const cancelSeconds = 10;

export async function stopped(instance: Instance, given: Cancelled): Promise<void> {
  await gone(instance);
  await given.before?.();
  try {
    const controller = new AbortController();
    const ending = outcomeOf(instance.ensure({ ...given.change, signal: controller.signal }));
    await given.waits();
    const began = Date.now();
    controller.abort();
    expect(await ending).toBeInstanceOf(CancelledFailure);
    expect(Date.now() - began).toBeLessThan(cancelSeconds * 1000);
  } finally {
    await given.after?.();
  }
  expect(await instance.kind.census()).toEqual(given.leaves());
  instance.again();
  await gone(instance);
}

export async function toldAndMended(instance: Instance, fault: Fault): Promise<void> {
  if (fault.to === undefined) await gone(instance);
  else await instance.ensure();
  await fault.strike();
  try {
    await expectTold(instance, fault);
  } finally {
    await fault.mend();
  }
  if (fault.run !== undefined) await fault.run(instance);
  await instance.ensure();
  await expectHealthy(instance);
}

async function expectTold(instance: Instance, { told, run, hasty }: Fault): Promise<void> {
  const change = hasty === undefined ? {} : { services: hasty() };
  const began = Date.now();
  const running = outcomeOf(run === undefined ? instance.ensure(change) : run(instance));
  if ('bears' in told) {
    expect(await running).not.toBeInstanceOf(Error);
    return;
  }
  const checking = run === undefined ? outcomeOf(instance.check(change)) : undefined;
  const error = await running;
  const took = timeOf(error) ?? Date.now() - began;
  expect(error).toMatchObject({
    type: told.code,
    nonRetryable: !told.retryable,
    message: expect.stringMatching(told.message),
  });
  expect(took).toBeLessThan(told.within * 1000);
  expect(await checking).not.toMatchObject({ healthy: true });
}

/** What it ends with, well or badly. */
function outcomeOf(running: Promise<unknown>): Promise<unknown> {
  return running.catch((error: unknown) => error);
}

/** A process of its own tells it without the time that it took to start. */
function timeOf(error: unknown): number | undefined {
  const told = error instanceof Error && 'milliseconds' in error ? error.milliseconds : undefined;
  return typeof told === 'number' ? told : undefined;
}

export async function removedTwice(instance: Instance): Promise<void> {
  await instance.ensure();
  await gone(instance);
  await gone(instance);
}

/** Removes it, if it can be, and expects that nothing of it is left. */
export async function gone(instance: Instance): Promise<void> {
  await instance.remove();
  expect(await instance.kind.census()).toEqual([]);
}

/** By its check; a kind without one is compared by what is declared. */
export async function expectHealthy(instance: Instance): Promise<void> {
  const health = await instance.check();
  if (health !== undefined) expect(health).toMatchObject({ healthy: true });
}
