import { isDeepStrictEqual } from 'node:util';
import type { Case, Outcome } from './case.ts';
import { failedChecks, valueAt } from './checks.ts';
import { failedCounts } from './counts.ts';
import { evaluateCase } from './evaluate-case.ts';
import { isExpected } from './exceptions.ts';
import { expandCase, modifyCase } from './instances-case.ts';
import { mergeCase } from './merge-case.ts';
import { planCase } from './plan-case.ts';

/** What is wrong with the result of a case: nothing, or what was expected and what was got. */
export type Verdict =
  | { readonly passed: true }
  | { readonly passed: false; readonly expected: string; readonly got: string };

export async function runCase(one: Case): Promise<Verdict> {
  try {
    return await judge(one);
  } catch (error) {
    return wrong(
      one.expect,
      `a crash: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
}

async function judge(one: Case): Promise<Verdict> {
  switch (one.phase) {
    case 'merge': {
      const outcome = mergeCase(one);
      const verdict = compare(one, outcome);
      if (!verdict.passed || outcome.kind === 'error') return verdict;
      const same = isDeepStrictEqual(one.expected_merged_operation, outcome.value);
      return same
        ? verdict
        : wrong(JSON.stringify(one.expected_merged_operation), JSON.stringify(outcome.value));
    }
    case 'eval':
      return compare(one, await evaluateCase(one));
    case 'parse':
      return compare(one, await planCase(one, 'parse'));
    case 'plan':
    case 'parse or plan':
      return compare(one, await planCase(one, 'plan'));
    case 'multi':
    case 'parse or multi':
      return counted(one, await expandCase(one));
    case 'modify':
      return counted(one, await modifyCase(one));
    default:
      return wrong('a phase that is known', `the phase «${one.phase}»`);
  }
}

function counted(one: Case, { outcome, counts }: Awaited<ReturnType<typeof expandCase>>): Verdict {
  const verdict = compare(one, outcome);
  if (!verdict.passed || one.group === undefined || outcome.kind === 'error') return verdict;
  const failed = failedCounts(one.group, counts);
  return failed.length === 0 ? verdict : wrong('the counts of `group`', failed.join('; '));
}

function compare(one: Case, outcome: Outcome): Verdict {
  if (outcome.kind === 'error') {
    const got = outcome.mistakes
      .map(({ exception, code, message }) => `${exception} ${code ?? ''} (${message})`)
      .join('; ');
    if (one.expect === 'ok') return wrong('ok', got);
    return outcome.mistakes.some((found) => isExpected(one, found))
      ? { passed: true }
      : wrong(errorOf(one), got);
  }
  if (one.expect === 'error') return wrong(errorOf(one), 'ok');
  const failed = failedChecks(outcome.value, one.checks ?? []);
  if (failed.length === 0) return { passed: true };
  const shown = failed.map(({ path, op, value }) => `${JSON.stringify(path)} ${op} ${JSON.stringify(value)}`);
  return wrong(shown.join('; '), foundAt(outcome, failed));
}

function foundAt(outcome: Outcome & { kind: 'ok' }, failed: ReturnType<typeof failedChecks>): string {
  return failed.map(({ path }) => JSON.stringify(valueAt(outcome.value, path)) ?? 'nothing').join('; ');
}

function errorOf({ exception, code }: Case): string {
  return `${exception ?? 'an error'} ${code ?? ''}`.trim();
}

function wrong(expected: string, got: string): Verdict {
  return { passed: false, expected, got };
}
