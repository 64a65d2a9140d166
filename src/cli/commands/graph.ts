import { type Command, Option } from 'commander';
import { blueprintArgument, type ReadingOptions, readingOptions } from '../arguments.ts';
import { outputOf } from '../globals.ts';
import { compileSource } from '../sources/compile-source.ts';
import { findSource } from '../sources/find.ts';
import { dotLines } from '../view/dot.ts';
import { graphOf } from '../view/graph.ts';
import { mermaidLines } from '../view/mermaid.ts';

const formats = { mermaid: mermaidLines, dot: dotLines } as const;
type Options = ReadingOptions & { readonly format: keyof typeof formats };

export function addGraph(program: Command): void {
  const command = program
    .command('graph')
    .description('draw the nodes of a blueprint and their relationships, as text for Mermaid or Graphviz')
    .addArgument(blueprintArgument())
    .addOption(
      new Option('-f, --format <format>', 'for which program')
        .choices(Object.keys(formats))
        .default('mermaid'),
    );
  for (const option of readingOptions()) command.addOption(option);
  command.action(async (path: string, { format, ...options }: Options) => {
    const output = outputOf(command);
    const source = await findSource(path, options.blueprintFilename);
    const { plan, diagnostics } = await compileSource(source, null, options, output);
    if (plan === null) {
      output.value({ nodes: [], relationships: [], diagnostics });
      return;
    }
    const graph = graphOf(plan);
    output.value(graph);
    for (const line of formats[format](graph)) output.line(line);
  });
}
