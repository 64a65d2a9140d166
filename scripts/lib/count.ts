import { z } from 'zod';

/** The part of vitest's JSON report that is counted. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

export type Count = {
  readonly passed: number;
  readonly failed: number;
  /** What else than a failed test was counted as a failure, and why. */
  readonly remarks: readonly string[];
};

/**
 * Counts the tests of one vitest project. What did not run did not pass: a file that cannot be loaded, a skipped test,
 * a project without a test, and a crash each count as failures.
 */
export function countTests(project: string, report: unknown, exitStatus: number): Count {
  const parsed = reportSchema.safeParse(report);
  if (!parsed.success) return failedProject(`${project}: ended with ${exitStatus} and left no report`);

  const files = parsed.data.testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failed = tests.filter((test) => test.status === 'failed').length;
  const unrun = tests.length - passed - failed;
  const broken = files.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status === 'passed'),
  );
  const remarks = [
    ...(tests.length === 0 && broken.length === 0 ? [`${project}: there is no test`] : []),
    ...broken.map((file) => `${project}: ${file.name} failed outside its tests`),
  ];
  const counted = failed + unrun + remarks.length;
  const skipped = unrun > 0 ? [`${project}: ${unrun} tests did not run`] : [];
  if (counted === 0 && exitStatus !== 0) {
    return {
      passed,
      failed: 1,
      remarks: [`${project}: every test passed, but vitest ended with ${exitStatus}`],
    };
  }
  return { passed, failed: counted, remarks: [...remarks, ...skipped] };
}

/** A whole project, or a tool, that failed. */
export function failedProject(remark: string): Count {
  return { passed: 0, failed: 1, remarks: [remark] };
}

export function addCounts(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    remarks: counts.flatMap(({ remarks }) => remarks),
  };
}
