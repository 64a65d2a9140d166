import type { Verdict } from './run-case.ts';

export type Result = { readonly id: string; readonly phase: string; readonly verdict: Verdict };

/** Each failing case, a table by phase, and the line that tells how many passed. */
export function resultLines(results: readonly Result[]): readonly string[] {
  const failing = results.flatMap(({ id, verdict }) => {
    return verdict.passed ? [] : [id, `  expected: ${verdict.expected}`, `  got:      ${verdict.got}`];
  });
  const failed = count(results, false);
  return [...failing, ...table(results), `${results.length - failed} passed, ${failed} failed`];
}

function table(results: readonly Result[]): readonly string[] {
  const phases = [...new Set(results.map(({ phase }) => phase))];
  const rows = phases.map((phase) => {
    const own = results.filter((one) => one.phase === phase);
    return row(phase, count(own, true), count(own, false));
  });
  return [row('phase', 'passed', 'failed'), ...rows];
}

function row(phase: string, passed: number | string, failed: number | string): string {
  return `${phase.padEnd(16)}${String(passed).padStart(8)}${String(failed).padStart(8)}`;
}

function count(results: readonly Result[], passed: boolean): number {
  return results.filter(({ verdict }) => verdict.passed === passed).length;
}
