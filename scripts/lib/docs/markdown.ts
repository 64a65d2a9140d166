/** A Markdown table; pipes and line ends in cells are made harmless. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();
}

/** Says at the top of a page where it comes from. */
export function madeFrom(source: string): string {
  return `<!-- Made by \`npm run docs\` from ${source}; change that. -->`;
}
