import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

/**
 * What is kept by its content is named by a sum of it under the store’s own reference key: without that key nobody can
 * try what a plan may hold, such as a password, against its name. `sha256:…`, which anyone can make, is of the time
 * before, and still names what was kept then.
 */
export type Reference = { readonly kind: 'keyed' | 'plain'; readonly hash: string };

/** `hmac-sha256:…`, or `sha256:…`; undefined when it is neither. */
export function parseReference(text: string): Reference | undefined {
  const [, name, hash] = /^(sha256|hmac-sha256):([0-9a-f]{64})$/.exec(text) ?? [];
  return hash === undefined ? undefined : { kind: name === 'sha256' ? 'plain' : 'keyed', hash };
}

export function textOfReference({ kind, hash }: Reference): string {
  return `${kind === 'plain' ? 'sha256' : 'hmac-sha256'}:${hash}`;
}

/** `tell` gives the sum all bytes of the content. */
export function keyedReference(key: Buffer, tell: (sum: Hmac | Hash) => void): Reference {
  const sum = createHmac('sha256', key);
  tell(sum);
  return { kind: 'keyed', hash: sum.digest('hex') };
}

export function plainReference(tell: (sum: Hmac | Hash) => void): Reference {
  const sum = createHash('sha256');
  tell(sum);
  return { kind: 'plain', hash: sum.digest('hex') };
}
