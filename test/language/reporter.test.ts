import { afterEach, expect, test, vi } from 'vitest';
import { createReporter } from '../../src/language/diagnostics/reporter.ts';
import { sourceFile } from '../../src/language/source/place.ts';

const file = sourceFile('main.yaml', 0, 'x'.repeat(300_000), false);

const at = (start: number, end: number) => ({ file, start, end });

afterEach(() => {
  vi.restoreAllMocks();
});

test('mistakes that come out of order cost little more when there are ten times as many', () => {
  const [few, many] = [workOf(2_000), workOf(20_000)];
  expect(many / few).toBeLessThan(15);
});

/** How often something is looked at or moved while aliases are reported, then the keys before them. */
function workOf(mistakes: number): number {
  let work = 0;
  const splice = Array.prototype.splice;
  vi.spyOn(Array.prototype, 'splice').mockImplementation(function (
    this: unknown[],
    start,
    removed,
    ...items
  ) {
    work += this.length - start;
    return splice.call(this, start, removed, ...items);
  });
  const place = (start: number) => ({
    file,
    end: start + 3,
    get start() {
      work += 1;
      return start;
    },
  });
  const reporter = createReporter();
  for (let n = 0; n < mistakes; n += 1) reporter.report('unknown-alias', place(10 * n + 5), 'No anchor.');
  for (let n = 0; n < mistakes; n += 1) {
    reporter.report('unknown-key', place(10 * n), 'No key.');
    reporter.failedWithin(place(10 * n));
  }
  vi.restoreAllMocks();
  return work;
}

test('what is inside a place is found whatever the order in which it came', () => {
  const reporter = createReporter();
  for (const start of [50, 10, 90, 30, 70, 30])
    reporter.report('unknown-key', at(start, start + 5), `${start}`);
  reporter.report('unused-input', at(20, 22), 'Only a warning.');
  const found = [at(0, 9), at(8, 14), at(8, 15), at(16, 29), at(30, 35), at(31, 60), at(31, 54), at(95, 300)];
  expect(found.map(reporter.failedWithin)).toEqual([false, false, true, false, true, true, false, false]);
});
