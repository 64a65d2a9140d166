const deltaForm = /^(\d+) ?(?:min(?:ute)?|h(?:our)?|d(?:ay)?|w(?:eek)?|mo(?:nth)?|y(?:ear)?)s?$/;
const dateForm = /^(?:\d{4}-\d{1,2}-\d{1,2} )?\d{1,2}:\d{1,2}$/;

/** What is wrong with a length of time as schedules have it, `2 weeks`; null when nothing is. */
export function timeDeltaProblem(text: string): string | null {
  return deltaForm.test(text) ? null : `is no length of time: ${quote(text)}; write for example «2 weeks»`;
}

/**
 * What is wrong with a moment: a date and time, a time, or lengths of time from now as `+1 day +10 min`.
 * `compat`: the peer wants no space between the lengths.
 */
export function timeProblem(text: string, compat: boolean): string | null {
  if (text.startsWith('+')) {
    const parts = text.match(/\+\d+ ?[a-z]+ ?/g) ?? [];
    const lengths = parts.map((part) => (compat ? part.slice(1) : part.slice(1).trim()));
    return lengths.map(timeDeltaProblem).find((one) => one !== null) ?? null;
  }
  if (dateForm.test(text) && !Number.isNaN(momentOf(text))) return null;
  return `is no moment: ${quote(text)}; write for example «2030-01-31 12:00» or «+1 day»`;
}

/** A moment as UTC has it, `2030-01-31 12:00:00`; of lengths of time from now, the text itself. */
export function utcOf(text: string, timezone: string | null): string {
  if (text.startsWith('+')) return text;
  const local = momentOf(text);
  const moment = timezone === null ? local : local - offsetOf(timezone, local);
  return new Date(moment).toISOString().slice(0, 19).replace('T', ' ');
}

export function isTimezone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** How far a time zone is ahead of UTC at what its clocks show, in milliseconds. */
function offsetOf(timezone: string, local: number): number {
  const format = formatOf(timezone);
  const ahead = (moment: number) => shownAt(format, moment) - moment;
  return ahead(local - ahead(local));
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const style = {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  } as const;
  return new Intl.DateTimeFormat('en-US', { ...style, timeZone: timezone, hourCycle: 'h23' });
}

function shownAt(format: Intl.DateTimeFormat, moment: number): number {
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
}

function momentOf(text: string): number {
  const today = new Date().toISOString().slice(0, 10);
  const [date = today, time = ''] = text.includes(' ') ? text.split(' ') : [today, text];
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const made = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const same = made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return same && hour < 24 && minute < 60 ? made.getTime() : Number.NaN;
}

function quote(text: string): string {
  return `«${text}»`;
}
