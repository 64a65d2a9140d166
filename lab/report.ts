import { printable } from '../src/contracts/printable.ts';

/** Tells a person at a terminal, or a log, what is being done, why, and how long it took. */
export type Reporter = {
  /** Runs `work` as a named step: says that it starts, then how it ended and after how long. */
  readonly step: <T>(title: string, why: string, work: (note: Note) => Promise<T>) => Promise<T>;
  /** One line that belongs to no step. */
  readonly say: (line: string) => void;
};

/** One line about what a step is doing now. */
export type Note = (line: string) => void;

type Terminal = { readonly isTTY?: boolean; readonly write: (text: string) => unknown };

const clearLine = '\r\u001B[2K';

/** A terminal gets a line that counts the seconds; anything else gets plain lines. */
export function createReporter(out: Terminal = process.stdout, now: () => number = Date.now): Reporter {
  const began = now();
  const live = out.isTTY === true;
  const elapsed = () => `[${clock(now() - began)}]`;
  const say = (line: string) => {
    out.write(`${live ? clearLine : ''}${printable(line)}\n`);
  };

  return {
    say,
    async step(title, why, work) {
      const started = now();
      let doing = why;
      if (!live) say(`${elapsed()} ${title}: ${why}`);
      const draw = () =>
        out.write(
          `${clearLine}${elapsed()} ${printable(`${title}: ${doing}`)} … ${seconds(now() - started)}`,
        );
      const ticking = live ? setInterval(draw, 1000) : undefined;
      if (live) draw();
      try {
        const result = await work((line) => {
          doing = line;
          if (live) draw();
          else say(`${elapsed()}   ${line}`);
        });
        say(`${elapsed()} ${title}: done in ${seconds(now() - started)}`);
        return result;
      } catch (error) {
        say(`${elapsed()} ${title}: FAILED after ${seconds(now() - started)}`);
        throw error;
      } finally {
        clearInterval(ticking);
      }
    },
  };
}

/** `12:05`, minutes and seconds. */
export function clock(milliseconds: number): string {
  const total = Math.floor(milliseconds / 1000);
  return `${pad(Math.floor(total / 60))}:${pad(total % 60)}`;
}

/** `0.3 s`, `12 s`, `4 min 05 s`. */
export function seconds(milliseconds: number): string {
  if (milliseconds < 9_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const total = Math.round(milliseconds / 1000);
  return total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${pad(total % 60)} s`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
