import { describe, expect, it } from 'vitest';
import { plainLines } from '../../../../src/activities/machines/docker/console.ts';

describe('a console', () => {
  it('is told without colours, empty lines and carriage returns', () => {
    expect(plainLines('[    0.1] \u001b[32mLinux\u001b[0m\r\n\r\nqemu: öx\n')).toBe(
      '[    0.1] Linux\nqemu: öx',
    );
  });

  it('is empty when nothing was written', () => {
    expect(plainLines('')).toBe('');
  });
});
