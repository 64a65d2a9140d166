import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/contracts/json.ts';
import { payloadConverter } from '../../src/contracts/payload-converter.ts';
import { isUndecodable } from '../../src/contracts/undecodable.ts';

describe('the payload converter', () => {
  it('gives back any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const back = payloadConverter.fromPayload<Json>(payloadConverter.toPayload(value));
        expect(JSON.stringify(back)).toBe(JSON.stringify(value));
        expect(isUndecodable(back)).toBe(false);
      }),
    );
  });

  it.each([
    ['text that is no JSON', 'json/plain', '{"deployment":'],
    ['an encoding that nobody knows', 'yaml/plain', 'a: b'],
  ])('turns %s into a value that says so', (_what, encoding, data) => {
    const value = payloadConverter.fromPayload<unknown>({
      metadata: { encoding: Buffer.from(encoding) },
      data: Buffer.from(data),
    });
    expect(isUndecodable(value)).toBe(true);
    expect(value).toMatchObject({ undecodable: expect.stringMatching(/\w/) });
  });
});
