import type { Advisory } from './advisories.ts';
import type { Dependency } from './dependency.ts';
import type { Exceptions } from './exceptions.ts';
import { isAllowed } from './licences.ts';

/** What is wrong with these, for people, one by one. */
export function problemsOf(
  dependencies: readonly Dependency[],
  advisories: readonly Advisory[],
  exceptions: Exceptions,
): readonly string[] {
  const unlicensed = dependencies.filter(
    ({ name, version, licence }) =>
      !isAllowed(licence) && !Object.hasOwn(exceptions.licences, `${name}@${version}`),
  );
  const grave = advisories.filter(
    ({ severity, url }) =>
      ['high', 'critical'].includes(severity) && !Object.hasOwn(exceptions.advisories, idOf(url)),
  );
  return [
    ...unlicensed.map(
      ({ name, version, licence }) =>
        `${name} ${version}: ${licence === null ? 'its licence is unknown' : `the licence ${licence} is not among those that are allowed`}`,
    ),
    ...grave.map(({ name, severity, title, url }) => `${name}: ${severity}: ${title} (${url})`),
  ];
}

function idOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
