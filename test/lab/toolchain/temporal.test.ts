import { expect, test } from 'vitest';
import { isFitting } from '../../../lab/toolchain/temporal.ts';

test.each([
  ['temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)', true],
  ['temporal version 1.6.0 (Server 1.30.0, UI 2.45.0)', true],
  ['temporal version 1.5.0 (Server 1.29.0, UI 2.42.0)', false],
  ['temporal version 1.1.1 (Server 1.25.1, UI 2.31.2)', false],
  ['temporal version 0.13.2', false],
  ['temporal version 2.0.0', false],
  ['', false],
])('%j fits: %j', (printed, fits) => {
  expect(isFitting(printed)).toBe(fits);
});
