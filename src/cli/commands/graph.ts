import { type Command, Option } from 'commander';
import { blueprintArgument, filenameOption } from '../arguments.ts';
import { outputOf } from '../globals.ts';
import { compileSource } from '../sources/compile-source.ts';
import { findSource } from '../sources/find.ts';
import { dotLines } from '../view/dot.ts';
import { graphOf } from '../view/graph.ts';
import { mermaidLines } from '../view/mermaid.ts';

const formats = { mermaid: mermaidLines, dot: dotLines } as const;
type Options = { readonly format: keyof typeof formats; readonly blueprintFilename?: string };

export function addGraph(program: Command): void {
  program
    .command('graph')
    .description('draw the nodes of a blueprint and their relationships, as text for Mermaid or Graphviz')
    .addArgument(blueprintArgument())
    .addOption(filenameOption())
    .addOption(
      new Option('-f, --format <format>', 'for which program').choices(Object.keys(formats)).default('mermaid'),
    )
    .action(async (path: string, { format, blueprintFilename }: Options, command: Command) => {
      const output = outputOf(command);
      const { plan, diagnostics } = await compileSource(await findSource(path, blueprintFilename), null, output);
      if (plan === null) {
        output.value({ nodes: [], relationships: [], diagnostics });
        return;
      }
      const graph = graphOf(plan);
      output.value(graph);
      for (const line of formats[format](graph)) output.line(line);
    });
}
