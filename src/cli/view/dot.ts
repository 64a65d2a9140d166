import { type Graph, labelOf, subtitle } from './graph.ts';

const styles = { contained_in: 'bold', connected_to: 'solid', depends_on: 'dashed' } as const;

/** For Graphviz: bold arrows are contained_in, dashed ones depends_on. */
export function dotLines({ nodes, relationships }: Graph): readonly string[] {
  return [
    'digraph blueprint {',
    '  rankdir=LR;',
    '  node [shape=box];',
    ...nodes.map((node) => `  ${quoted(node.name)} [label=${quoted(`${node.name}\n${subtitle(node)}`)}];`),
    ...relationships.map(
      (one) =>
        `  ${quoted(one.source)} -> ${quoted(one.target)} [label=${quoted(labelOf(one))}, style=${styles[one.kind]}];`,
    ),
    '}',
  ];
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
