import { styleText } from 'node:util';

/** Colours as the stream can show them; standard error may be a file while standard output is a terminal. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

export const outputStyle = styleFor(process.stdout);
export const errorStyle = styleFor(process.stderr);

/** Whether the stream shows colours is asked once, since it takes long for thousands of lines. */
function styleFor(stream: NodeJS.WriteStream): Style {
  let shows: boolean | undefined;
  return (format, text) => {
    shows ??= styleText('dim', 'x', { stream }) !== 'x';
    return shows ? styleText(format, text, { validateStream: false }) : text;
  };
}
