import { setTimeout as delay } from 'node:timers/promises';

type News<T> = { readonly value: T | undefined /** Seconds since it was read. */; readonly age: number };

/** Reads again and again, one reading at a time, and never lets a slow one hold up the display. */
export function newest<T>(read: () => Promise<T | undefined>) {
  let value: T | undefined;
  let at = Date.now();
  let reading: Promise<void> | undefined;
  const told = (): News<T> => ({ value, age: (Date.now() - at) / 1000 });
  const look = (): Promise<void> => (reading ??= readOnce());
  const readOnce = async (): Promise<void> => {
    const seen = await read();
    reading = undefined;
    if (seen === undefined) return;
    value = seen;
    at = Date.now();
  };
  return {
    now(): News<T> {
      void look();
      return told();
    },
    async last(patience: number): Promise<News<T>> {
      const late = delay(patience, undefined, { ref: false });
      await Promise.race([Promise.resolve(reading).then(look), late]);
      return told();
    },
  };
}
