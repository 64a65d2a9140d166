import { expect, test } from 'vitest';
import { isPinned, namedBase } from '../../../lab/images/base.ts';

test('what is pulled is named by its digest', () => {
  expect(isPinned(`debian:bookworm-slim@sha256:${'0a'.repeat(32)}`)).toBe(true);
  for (const image of [
    'debian:bookworm-slim',
    'debian',
    'debian@sha256:0a',
    `debian@sha256:${'0a'.repeat(33)}`,
  ])
    expect(isPinned(image)).toBe(false);
});

test('no base is named by an empty variable', () => {
  expect(namedBase({})).toBeUndefined();
  expect(namedBase({ BRAID_BASE: '' })).toBeUndefined();
  expect(namedBase({ BRAID_BASE: 'own:1' })).toBe('own:1');
});
