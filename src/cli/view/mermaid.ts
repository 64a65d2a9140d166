import { type Graph, labelOf, subtitle } from './graph.ts';

const arrows = { contained_in: '==>', connected_to: '-->', depends_on: '-.->' } as const;

/** For Mermaid, as Markdown pages show it: bold arrows are contained_in, dotted ones depends_on. */
export function mermaidLines({ nodes, relationships }: Graph): readonly string[] {
  // A name may have characters that an id may not.
  const ids = new Map(nodes.map(({ name }, index) => [name, `n${index}`]));
  return [
    'flowchart LR',
    ...nodes.map(
      (node) =>
        `  ${ids.get(node.name)}["${escaped(node.name)}<br/><small>${escaped(subtitle(node))}</small>"]`,
    ),
    ...relationships.map((one) => {
      const [source, target] = [ids.get(one.source), ids.get(one.target)];
      return `  ${source} ${arrows[one.kind]}|"${escaped(labelOf(one))}"| ${target}`;
    }),
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ._×/-]/gu, (character) => `#${character.codePointAt(0)};`);
}
