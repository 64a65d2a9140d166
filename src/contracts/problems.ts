import type { z } from 'zod';

/** What is wrong with what was read, for people: `path.to.it: why`, one by one. */
export function problemsOf({ issues }: z.ZodError): readonly string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}
