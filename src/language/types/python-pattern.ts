/**
 * A regular expression as blueprints have it, in Python's spelling; null when it is none. It matches at
 * the start of a text only, as the peer does it.
 */
export function pythonPattern(pattern: string): RegExp | null {
  const flags = /^\(\?([aiLmsux]+)\)/.exec(pattern);
  const body = flags === null ? pattern : pattern.slice(flags[0].length);
  const translated = body
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll(String.raw`\A`, '^')
    .replaceAll(String.raw`\Z`, '$');
  const kept = (flags?.[1] ?? '').replaceAll(/[^ims]/g, '');
  try {
    return new RegExp(`^(?:${translated})`, kept);
  } catch {
    return null;
  }
}
