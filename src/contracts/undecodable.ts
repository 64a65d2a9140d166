/** What a payload that could not be decoded is turned into, so that it becomes an error and not a retry for ever. */
export type Undecodable = { readonly undecodable: string };

/** Symbols: no JSON spells them. */
const mark = Symbol.for('braid.undecodable');
const refusedMark = Symbol.for('braid.refused');

/** The encoding of a payload that a codec puts in the place of one that it does not let in; its data says why. */
export const refusedEncoding = 'binary/refused';

export function undecodable(reason: string): Undecodable & { readonly [mark]: true } {
  return { undecodable: reason, [mark]: true };
}

export function refused(reason: string): Undecodable & { readonly [refusedMark]: true } {
  return { ...undecodable(reason), [refusedMark]: true };
}

export function isUndecodable(value: unknown): value is Undecodable {
  return typeof value === 'object' && value !== null && mark in value;
}

/** Whether it was kept out for where it comes from. */
export function isRefused(value: unknown): value is Undecodable {
  return isUndecodable(value) && refusedMark in value;
}
