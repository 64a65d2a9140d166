import { expect, test } from 'vitest';
import { resolveSecrets } from '../../../src/activities/swarm/secret-values.ts';
import { testTools } from './tools.ts';

const { secrets } = testTools(
  new Map([
    ['a', 'value-of-a'],
    ['b', 'value-of-b'],
  ]),
);

test('secrets are put in anywhere, and taken out of texts', async () => {
  const { value, redact } = await resolveSecrets(
    {
      env: { TOKEN: { get_secret: 'a' }, URL: { concat: ['http://', { get_secret: 'b' }] } },
      list: [1, null],
    },
    secrets,
  );
  expect(value).toEqual({ env: { TOKEN: 'value-of-a', URL: 'http://value-of-b' }, list: [1, null] });
  expect(redact('it said value-of-a and value-of-c')).toBe('it said [secret] and value-of-c');
});
