import type { Reporter } from './reporter.ts';

/** What was said, to be said again. */
export type Remark = Parameters<Reporter['report']>;

/** A reporter that keeps what passes through it. */
export function recording(reporter: Reporter): {
  readonly recorder: Reporter;
  readonly remarks: readonly Remark[];
} {
  const remarks: Remark[] = [];
  const report: Reporter['report'] = (...remark) => {
    remarks.push(remark);
    reporter.report(...remark);
  };
  return { recorder: { ...reporter, report }, remarks };
}

export function sayAgain(remarks: readonly Remark[], reporter: Reporter): void {
  for (const remark of remarks) reporter.report(...remark);
}

/** A reporter that counts what was reported, and what depended on what had been. */
export function listening(reporter: Reporter): {
  readonly recorder: Reporter;
  readonly heard: () => number;
} {
  let heard = 0;
  const recorder: Reporter = {
    ...reporter,
    report(...remark) {
      heard += 1;
      reporter.report(...remark);
    },
    failedWithin(place) {
      heard += 1;
      return reporter.failedWithin(place);
    },
  };
  return { recorder, heard: () => heard };
}
