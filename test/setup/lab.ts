import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { type Lab, removeLab, up } from '../../lab/lab.ts';
import { installPackages, systemPackages } from '../../lab/packages.ts';
import { createReporter } from '../../lab/report.ts';

/** The lab that the tests of the project `lab` share; get it by `inject('lab')`. */
declare module 'vitest' {
  interface ProvidedContext {
    readonly lab: Lab;
  }
}

/** Brings up a lab of its own, beside any other on this machine, and takes it down after the tests. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const name = process.env['BRAID_TEST_LAB'] ?? `test-${randomBytes(4).toString('hex')}`;
  const yes = process.env['BRAID_YES'] === '1';
  const report = createReporter();
  try {
    await report.step('packages', 'what the tests check', (note) =>
      installPackages([systemPackages.compose], { yes, note }),
    );
    project.provide('lab', await up({ name, report, yes }));
  } catch (error) {
    await removeLab(name, report);
    throw error;
  }
  return () => removeLab(name, report);
}
