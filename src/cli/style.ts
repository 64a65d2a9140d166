import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';

/** Colours as the stream can show them; standard error may be a file while standard output is a terminal. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

export const outputStyle = styleFor(process.stdout);
export const errorStyle = styleFor(process.stderr);

const escape = '\u001B[';
/** Stands for the escape of our styles until they are written, and nobody outside can guess it. */
const mark = `<${randomUUID()}>`;

/** Makes colours of our styles. */
export function withStyles(text: string): string {
  return text.replaceAll(mark, escape);
}

/** Whether the stream shows colours is asked once, since it takes long for thousands of lines. */
function styleFor(stream: NodeJS.WriteStream): Style {
  let shows: boolean | undefined;
  return (format, text) => {
    shows ??= styleText('dim', 'x', { stream }) !== 'x';
    if (!shows) return text;
    const [before = '', after = ''] = styleText(format, '\n', { validateStream: false })
      .replaceAll(escape, mark)
      .split('\n');
    return `${before}${text}${after}`;
  };
}
