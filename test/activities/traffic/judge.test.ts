import { describe, expect, it } from 'vitest';
import { evidenceOf, type Reply, told } from '../../../src/activities/traffic/answer.ts';
import { isComplete, isGood, missingPages, wentThrough } from '../../../src/activities/traffic/judge.ts';
import { curlConfig, curlReply } from '../../../src/activities/traffic/machine-request.ts';

const pages = ['Apache 1', 'Apache 2'];

function page(body: string, status = 200): Reply {
  return { ok: true, status, body, milliseconds: 1 };
}
const refused: Reply = { ok: false, reason: 'curl: (7) refused', milliseconds: 1 };

function sequence(numbers: string): readonly Reply[] {
  return numbers.split('').map((number) => page(`<h1>Apache ${number}</h1>`));
}

describe('a good answer', () => {
  it.each([
    ['an expected page', page('<h1>Apache 2</h1>'), true],
    ['another page', page('It works!'), false],
    ['an expected page with an error status', page('Apache 1', 404), false],
    ['no answer', refused, false],
  ])('%s: %s', (_what, reply, good) => {
    expect(isGood(reply, pages)).toBe(good);
  });

  it('is any page when none is expected', () => {
    expect(isGood(page('whatever'), [])).toBe(true);
  });
});

describe('answers are complete', () => {
  it.each([
    ['in turn', '121212', true],
    ['in turn, another client between', '1211212', true],
    ['one page alone', '1111', false],
    ['both, but not in turn', '111222', false],
  ])('%s', (_what, numbers, complete) => {
    expect(isComplete(sequence(numbers), pages)).toBe(complete);
  });

  it('when the one page that is expected came', () => {
    expect(isComplete(sequence('111'), ['Apache 1'])).toBe(true);
  });
});

it('tells which pages are missing', () => {
  expect(missingPages(sequence('11'), pages)).toEqual(['Apache 2']);
});

it.each([
  ['a page', page('x'), true],
  ['a page that is not found', page('x', 404), true],
  ['a gateway that reaches nobody', page('x', 502), false],
  ['no answer', refused, false],
])('traffic went through: %s', (_what, reply, through) => {
  expect(wentThrough(reply)).toBe(through);
});

it('keeps the line of a page that tells which it is', () => {
  const answer = evidenceOf(page('<html>\n<h1>Apache 1</h1>\n</html>'), pages);
  expect(told(answer)).toBe('HTTP 200 "<h1>Apache 1</h1>"');
  expect(evidenceOf(page('y'.repeat(500)), [])).toMatchObject({ body: 'y'.repeat(200) });
});

it.each([
  ['http://u:p@10.0.0.1/?a=%20b', 'url = "http://u:p@10.0.0.1/?a=%20b"\n'],
  ['http://a/"\\', 'url = "http://a/\\"\\\\"\n'],
  ['http://a/\noutput = /etc/passwd', 'url = "http://a/output = /etc/passwd"\n'],
])('%j is told curl as one setting', (url, config) => {
  expect(curlConfig(url)).toBe(config);
});

describe('what curl printed', () => {
  it('is a page', () => {
    expect(curlReply(0, 'line 1\nline 2\n\nbraid-probe 200 0.012345\n', '')).toEqual({
      ok: true,
      status: 200,
      body: 'line 1\nline 2\n',
      milliseconds: 12,
    });
  });

  it('is a refusal in its own words', () => {
    const stderr = 'curl: (7) Failed to connect to 10.1.1.1 port 80 after 0 ms: Couldn’t connect to server\n';
    expect(curlReply(7, '\nbraid-probe 000 0.001000\n', stderr)).toEqual({
      ok: false,
      reason: stderr.trim(),
      milliseconds: 1,
    });
  });
});
