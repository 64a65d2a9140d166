import ssh2 from 'ssh2';
import { expect, test } from 'vitest';
import { makeSshKeyPair, publicKeyOf } from '../../../src/activities/ssh/key-pair.ts';

test('pairs are in OpenSSH format, belong together and are never the same', () => {
  const pairs = Array.from({ length: 300 }, () => makeSshKeyPair('chain/machine'));
  for (const { privateKey, publicKey } of pairs) {
    expect(publicKey).toMatch(/^ssh-ed25519 AAAA\S+ chain\/machine$/);
    expect(publicKeyOf(privateKey, 'chain/machine')).toBe(publicKey);
    expect(ssh2.utils.parseKey(publicKey)).not.toBeInstanceOf(Error);
  }
  expect(new Set(pairs.map(({ publicKey }) => publicKey)).size).toBe(pairs.length);
});

test('what is no key has no public half', () => {
  expect(publicKeyOf('nothing', 'x')).toBeUndefined();
});
