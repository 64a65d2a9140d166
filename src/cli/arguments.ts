import { Argument, Option } from 'commander';

const whereBlueprints = 'a main file, a folder, an archive (.zip, .tar, .tar.gz), or - for standard input';

export function blueprintArgument(): Argument {
  return new Argument('<blueprint>', `the blueprint: ${whereBlueprints}`);
}

export function blueprintsArgument(): Argument {
  return new Argument('<blueprints...>', `the blueprints: each ${whereBlueprints}`);
}

/** How a blueprint is read: where its main file is, and how strictly. */
export type ReadingOptions = {
  readonly blueprintFilename?: string;
  readonly strict?: boolean;
  readonly compat?: boolean;
};

export function readingOptions(): readonly Option[] {
  return [
    new Option(
      '-b, --blueprint-filename <file>',
      'the main file in a folder or an archive; otherwise blueprint.yaml',
    ),
    new Option('--strict', 'take warnings for errors'),
    new Option('--compat', 'refuse what Cloudify’s own parser refuses although it makes sense'),
  ];
}

/** May be given several times. */
export function inputOption(): Option {
  return new Option(
    '-i, --input <input>',
    'an input as key=value, the value in YAML; or a YAML file of inputs; may be repeated, the last wins',
  ).argParser<readonly string[] | undefined>((value, earlier) => [...(earlier ?? []), value]);
}
