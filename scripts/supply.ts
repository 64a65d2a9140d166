import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../src/contracts/reason.ts';
import { type Advisory, npmAdvisories } from './lib/supply/advisories.ts';
import type { Dependency } from './lib/supply/dependency.ts';
import { exceptions } from './lib/supply/exceptions.ts';
import { problemsOf } from './lib/supply/judge.ts';
import { goModules } from './lib/supply/modules.ts';
import { npmPackages } from './lib/supply/packages.ts';

/**
 * `npm run supply`: lists whose work Braid is made with, under which licences, and what is known against it; with `--all`
 * each by name. Ends with 1 when a licence is unknown or not allowed, or an advisory is grave, and no exception says why
 * not. What cannot be asked from here is said, and no failure.
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isLong = process.argv.includes('--all');

const packages = await npmPackages(root);
tell('npm packages', packages);
const modules = await orNothing<Dependency>('Go modules cannot be listed', () => goModules(root));
if (modules.length > 0) tell('Go modules', modules);
const advisories = await orNothing<Advisory>('npm’s registry tells no advisories', () => npmAdvisories(root));
for (const { name, severity, title, url } of advisories)
  console.log(`advisory: ${name}: ${severity}: ${title} (${url})`);
console.log('Go’s module proxy tells no advisories: govulncheck does, where its database can be reached.');

const problems = problemsOf([...packages, ...modules], advisories, exceptions);
for (const problem of problems) console.error(`refused: ${problem}`);
if (problems.length === 0) console.log('Nothing is refused.');
process.exitCode = problems.length === 0 ? 0 : 1;

function tell(what: string, dependencies: readonly Dependency[]): void {
  const byLicence = Object.groupBy(dependencies, ({ licence }) => licence ?? 'unknown');
  const counts = Object.entries(byLicence).map(([licence, those = []]) => [licence, those.length] as const);
  const told = counts.toSorted(([, a], [, b]) => b - a).map(([licence, count]) => `${licence} ${count}`);
  console.log(`${dependencies.length} ${what}: ${told.join(', ')}`);
  if (!isLong) return;
  for (const { name, version, licence } of dependencies)
    console.log(`  ${name} ${version} ${licence ?? 'unknown'}`);
}

async function orNothing<T>(otherwise: string, ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await ask();
  } catch (error) {
    console.log(`${otherwise}: ${reasonOf(error)}`);
    return [];
  }
}
