import { failure } from './failure.ts';
import { isRefused } from './undecodable.ts';

/** What an argument is for: `activity kubernetes.apply`, `workflow install`, `update begin`. */
export type Purpose = `${'workflow' | 'signal' | 'update' | 'query' | 'activity'} ${string}`;

/** The field of a payload's metadata that tells it. It is encrypted with the payload. */
export const purposeField = 'meant-for';

/** Of an argument that is not encrypted and was let in by a setting. */
export const anyPurpose = 'anything';

const typedMark = 'typed at ';
/** Of an argument that an operator had encrypted by the codec server, which is not told what it is for. */
export const typedPurpose = (time: string): string => `${typedMark}${time}`;

/** How long after it was encrypted what an operator typed is taken, in ms; and how much clocks may differ. */
const typedMilliseconds = 600_000;

/** A symbol: no JSON spells it. */
const mark = Symbol.for('braid.meant');

/** A value that is or was an argument, with what it is for. */
export type Meant = { readonly [mark]: string; readonly value: unknown };

export function meant(purpose: string, value: unknown): Meant {
  return { [mark]: purpose, value };
}

export function isMeant(value: unknown): value is Meant {
  return typeof value === 'object' && value !== null && mark in value;
}

export function purposeOf(value: Meant): string {
  return value[mark];
}

/** The arguments of a call, each to be encrypted with what it is for. */
export function meantFor(purpose: Purpose, args: readonly unknown[]): Meant[] {
  return args.map((value) => meant(purpose, value));
}

/**
 * The arguments that Temporal handed over, `now` in ms of the epoch. Fails as PayloadRefused when one was not
 * encrypted for this, or when there is none.
 */
export function received(purpose: Purpose, args: readonly unknown[], now: number): unknown[] {
  if (args.length === 0) throw refusal(purpose, 'it has no argument that could tell where it comes from');
  return args.map((each) => {
    if (isRefused(each)) throw refusal(purpose, each.undecodable);
    if (!isMeant(each)) throw refusal(purpose, 'it was encrypted as a result, not as an argument');
    const trouble = whyNot(purposeOf(each), purpose, now);
    if (trouble !== undefined) throw refusal(purpose, trouble);
    return each.value;
  });
}

/** What came back. Fails as PayloadRefused when it was not encrypted as a result of this. */
export function asResult(purpose: Purpose, value: unknown): unknown {
  if (isRefused(value)) throw refusal(`the result of ${purpose}`, value.undecodable);
  if (isMeant(value))
    throw refusal(`the result of ${purpose}`, 'it was encrypted as an argument, not as a result');
  return value;
}

function whyNot(given: string, wanted: Purpose, now: number): string | undefined {
  if (given === wanted || given === anyPurpose) return undefined;
  if (!given.startsWith(typedMark)) return `it was encrypted for the ${given}`;
  const time = given.slice(typedMark.length);
  return Math.abs(now - Date.parse(time)) <= typedMilliseconds
    ? undefined
    : `it was encrypted by the codec server at ${time}, which is more than ten minutes away`;
}

function refusal(what: string, reason: string): Error {
  return failure('PayloadRefused', `What Temporal handed over as ${what} is not taken: ${reason}.`);
}
