import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { InstanceView } from '../../contracts/operation.ts';
import { problemsOf } from '../../contracts/problems.ts';

const settingsSchema = z.object({
  url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
  requests: z.number().int().min(1).max(1000).default(12),
  expect_bodies: z.array(z.string().min(1)).default([]),
  expect: z.enum(['pages', 'refused']).default('pages'),
  timeout: z.number().positive().max(300).default(5),
  from: z.string().default(''),
  within: z.number().min(0).max(3600).default(60),
});

/** What a probe is to do. Times in seconds. */
export type ProbeSettings = z.infer<typeof settingsSchema>;

/** Fails as OperationInputInvalid, naming each property that is wrong. */
export function probeSettings(self: InstanceView): ProbeSettings {
  const parsed = settingsSchema.safeParse(self.properties);
  if (parsed.success) return parsed.data;
  const wrong = problemsOf(parsed.error);
  throw failure('OperationInputInvalid', `the probe ${self.id} cannot ask: ${wrong.join('; ')}`, {
    details: { instance: self.id, properties: wrong },
  });
}

/** What is expected, for people. */
export function expectation({ expect, expect_bodies: pages, requests }: ProbeSettings): string {
  if (expect === 'refused') return `that none of ${requests} requests is answered`;
  const what = pages.map((page) => JSON.stringify(page)).join(', ');
  if (pages.length === 0) return `${requests} good answers in a row`;
  return `${requests} good answers in a row, ${pages.length > 1 ? 'in turn ' : ''}with ${what}`;
}
