const deltaForm = /^(\d+) ?(?:min(?:ute)?|h(?:our)?|d(?:ay)?|w(?:eek)?|mo(?:nth)?|y(?:ear)?)s?$/;
const dateForm = /^(?:\d{4}-\d{1,2}-\d{1,2} )?\d{1,2}:\d{1,2}$/;

/** What is wrong with a length of time as schedules have it, `2 weeks`; null when nothing is. */
export function timeDeltaProblem(text: string): string | null {
  return deltaForm.test(text) ? null : `is no length of time: ${quote(text)}; write for example «2 weeks»`;
}

/** What is wrong with a moment: a date and time, a time, or lengths of time from now as `+1 day +10 min`. */
export function timeProblem(text: string): string | null {
  if (text.startsWith('+')) {
    const parts = text.match(/\+\d+ ?[a-z]+ ?/g) ?? [];
    return parts.map((part) => timeDeltaProblem(part.slice(1).trim())).find((one) => one !== null) ?? null;
  }
  if (dateForm.test(text) && !Number.isNaN(momentOf(text))) return null;
  return `is no moment: ${quote(text)}; write for example «2030-01-31 12:00» or «+1 day»`;
}

function momentOf(text: string): number {
  const [date, time] = text.includes(' ') ? text.split(' ') : ['2000-01-01', text];
  const [year = 0, month = 0, day = 0] = (date ?? '').split('-').map(Number);
  const [hour = 0, minute = 0] = (time ?? '').split(':').map(Number);
  const made = new Date(Date.UTC(year, month - 1, day, hour, minute));
  const same = made.getUTCMonth() === month - 1 && made.getUTCDate() === day;
  return same && hour < 24 && minute < 60 ? made.getTime() : Number.NaN;
}

function quote(text: string): string {
  return `«${text}»`;
}
