import { styleText } from 'node:util';

/** Colours as the stream can show them; standard error may be a file while standard output is a terminal. */
export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

export const outputStyle: Style = (format, text) => styleText(format, text, { stream: process.stdout });
export const errorStyle: Style = (format, text) => styleText(format, text, { stream: process.stderr });
