import { afterAll, beforeEach, describe, test } from 'vitest';
import {
  adopted,
  corrected,
  ensuredTwice,
  knownAgain,
  leftToItsInstallation,
  leftToItsOwner,
  removedTwice,
  stopped,
  toldAndMended,
} from './cases.ts';
import { type Instance, instanceOf } from './instance.ts';
import type { Fault, Inapplicable, Kind } from './kind.ts';
import { madeOnce, removedWholly } from './killed-cases.ts';

/** `steady`: what holds while all systems work; `disturbed`: what holds when a process, a wait or a system fails. */
export type Cases = 'steady' | 'disturbed';

/**
 * What every kind of resource must hold, on its real system. Each case makes the instance what it needs to
 * be at its start, so that one machine or service is used again by the next.
 */
export function conformance(kind: Kind, cases: Cases): void {
  describe(`a ${kind.name}`, () => {
    const instance = instanceOf(kind);
    // Each case is an execution of its own.
    beforeEach(() => instance.again());
    afterAll(async () => {
      await instance.remove();
    });
    (cases === 'steady' ? steady : disturbed)(instance);
  });
}

function steady(instance: Instance): void {
  test('is not changed when it is ensured again', () => ensuredTwice(instance));
  drifts(instance);
  foreign(instance);
  removed(instance);
}

function disturbed(instance: Instance): void {
  killed(instance);
  cancelled(instance);
  for (const [name, faults] of Object.entries(instance.kind.faults)) {
    for (const fault of faults) faulty(instance, name, fault);
  }
}

function drifts(instance: Instance): void {
  const given = instance.kind.drifts;
  if ('none' in given) return inapplicable(instance, 'drift', given);
  for (const drift of given) {
    test(`whose ${drift.of} drifts (${drift.how}) is told and corrected`, () => corrected(instance, drift));
  }
}

function foreign(instance: Instance): void {
  const given = instance.kind.foreign;
  if ('none' in given) return inapplicable(instance, 'foreign object', given);
  test('of someone else is refused, left alone, and adopted when asked', () => adopted(instance, given));
  test('of another installation is refused and left alone', () => leftToItsInstallation(instance));
  test('labelled before installations were told apart is ours as it is', () => knownAgain(instance, given));
  const { elsewhere } = given;
  if ('never' in elsewhere) return;
  test('of another deployment is refused and left alone', () => leftToItsOwner(instance, elsewhere));
}

function killed(instance: Instance): void {
  const given = instance.kind.killed;
  if ('none' in given) return inapplicable(instance, 'effect to be killed after', given);
  const { remove } = instance.kind.steps;
  test('is there once when the process that makes it is killed before each answer', () =>
    madeOnce(instance, given));
  if ('none' in remove) return;
  test('is gone when the process that removes it is killed before each answer', () =>
    removedWholly(instance, given, remove));
}

function cancelled(instance: Instance): void {
  const given = instance.kind.cancelled;
  if ('none' in given) return inapplicable(instance, 'wait to be cancelled', given);
  test(`cancelled while ${given.during} stops in seconds and leaves what is told`, () =>
    stopped(instance, given));
}

function faulty(instance: Instance, name: string, fault: Fault): void {
  const { told } = fault;
  const ends = 'bears' in told ? `goes on, since ${told.bears}` : `fails as ${told.code} in ${told.within} s`;
  test(`${name} (${fault.what}) ${ends}, and is well once that is mended`, () =>
    toldAndMended(instance, fault));
}

function removed(instance: Instance): void {
  const given = instance.kind.steps.remove;
  if ('none' in given) return inapplicable(instance, 'removal', given);
  test('is gone after one removal, and another one is well', () => removedTwice(instance));
}

function inapplicable(instance: Instance, what: string, { none, instead, holds }: Inapplicable): void {
  test(`has no ${what}, since ${none}: ${instead}`, () => holds(instance));
}
