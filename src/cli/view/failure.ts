import { z } from 'zod';
import type { Failed } from '../exit.ts';
import type { Style } from '../style.ts';
import { count } from './count.ts';

const failuresSchema = z.object({
  failures: z.array(z.object({ instance: z.string(), code: z.string(), message: z.string() })).min(1),
  blocked: z.number(),
});

/** A failure for people: its code and what happened, each instance that failed in a line, what to do. */
export function failureLines({ code, message, remedy, details }: Failed, style: Style): readonly string[] {
  const parsed = failuresSchema.safeParse(details);
  const advice = remedy === null ? [] : [style('dim', remedy)];
  if (!parsed.success) return [`${style('red', `${code}:`)} ${message}`, ...advice];
  const { failures, blocked } = parsed.data;
  const [first = { code: '', message: '', instance: '' }] = failures;
  const [headline = message] = message.split(` ${first.instance}: ${first.code}: `);
  return [
    `${style('red', `${code}:`)} ${headline}`,
    ...failures.map(
      (each) => `  ${style('red', '✗')} ${each.instance}  ${each.code}: ${indented(each.message)}`,
    ),
    ...(blocked === 0
      ? []
      : [`  ${count(blocked, 'other instance')} waited for ${failures.length === 1 ? 'it' : 'these'}`]),
    ...advice,
  ];
}

function indented(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n      ');
}
