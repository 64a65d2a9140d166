import { expect, test } from 'vitest';
import { allPages, fencesOf } from './pages.ts';
import { commandsOf, pageAt, pagesThatAreRun } from './printed.ts';

const command = /^\s*(?:npx|npm|export|curl|docker|docker-compose|temporal|openssl|braid) /m;

test.each(allPages().map((page) => [page.path, page] as const))(
  'the commands of %s are run by a test, or it says why not',
  (path, page) => {
    const hidden = fencesOf(page).filter(
      ({ language, text }) => ['', 'bash', 'shell', 'console'].includes(language) && command.test(text),
    );
    expect(hidden).toEqual([]);
    expect(pagesThatAreRun.includes(path) ? [] : commandsOf(page)).toEqual([]);
  },
);

test.each(pagesThatAreRun)('%s has commands to run', (path) => {
  expect(commandsOf(pageAt(path))).not.toEqual([]);
});
