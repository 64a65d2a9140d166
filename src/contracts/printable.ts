/**
 * Sequences by which a terminal is coloured and moved (CSI), and given a title, links or a clipboard (OSC and
 * alike): these end in their line, so that what comes after one that does not is not hidden with it.
 */
const sequences = new RegExp(
  String.raw`(?:\u001B\[|\u009B)[0-?]*[ -\/]*[@-~]|\u001B[\]PX\^_][^\n\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)`,
  'gu',
);

/** Control characters but for newline and tab; what turns the direction of writing; separators of lines. */
const controls = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/**
 * A text from anywhere, as it may reach a terminal: nothing in it moves the cursor, colours, hides or reorders.
 * Newlines and tabs stay; what is taken away that is no sequence of a terminal’s leaves a mark.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(sequences, '')
    .replaceAll(controls, (character) => {
      if (character === '\n' || character === '\t') return character;
      return character === '\r' ? ' ' : '\uFFFD';
    });
}

/** The same value as JSON, in which such characters are escaped. */
export function printableJson(json: string): string {
  return json.replaceAll(controls, (character) =>
    character === '\n' || character === '\t'
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
