import { z } from 'zod';
import type { DeploymentRecord } from '../../src/contracts/record.ts';

const controlSchema = z.object({
  url: z.string(),
  answers: z.array(
    z.union([
      z.object({ ok: z.literal(false), reason: z.string() }),
      z.object({ ok: z.literal(true), status: z.number() }),
    ]),
  ),
});

/** What the install’s negative control saw before the router was there: no request was answered with a page. */
export function installControlLines({ instances }: DeploymentRecord): readonly string[] {
  const before = Object.values(instances).find(({ node }) => node === 'before');
  const parsed = controlSchema.safeParse(before?.runtimeProperties['evidence']);
  if (!parsed.success) return [];
  const { url, answers } = parsed.data;
  const got = [...new Set(answers.map((answer) => (answer.ok ? `HTTP ${answer.status}` : answer.reason)))];
  return [
    '',
    `Control of the install: before the router was there, ${answers.length} requests to ${url} gave no page, but`,
    ...got.map((what) => `  ${what}`),
  ];
}
