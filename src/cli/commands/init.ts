import { cp, mkdir, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { failure } from '../../contracts/failure.ts';
import { outputOf } from '../globals.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** What to start from: folders that Braid's own tests install. */
const templates = {
  machine: { folder: join(repository, 'blueprints/hello'), tells: 'a network, a machine and a page on it' },
  plain: {
    folder: join(repository, 'blueprints/plain'),
    tells: 'two nodes and an output, with nothing to make',
  },
} as const;
type Options = { readonly template: keyof typeof templates };

export function addInit(program: Command): void {
  program
    .command('init')
    .description('start a blueprint: write one that works into a folder')
    .argument('[folder]', 'where to; it is made when it is missing', '.')
    .addOption(
      new Option('-t, --template <template>', describe()).choices(Object.keys(templates)).default('machine'),
    )
    .action(async (folder: string, { template }: Options, command: Command) => {
      const output = outputOf(command);
      const { folder: from } = templates[template];
      const files = (await readdir(from, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => relative(from, join(entry.parentPath, entry.name)))
        .sort();
      const written = await write(from, folder, files);
      output.value({ folder, files });
      for (const path of written) output.line(`wrote ${path}`);
      const blueprint = join(folder, 'blueprint.yaml');
      output.line(`Next: braid validate ${blueprint}, then braid plan ${blueprint}`);
    });
}

function describe(): string {
  return Object.entries(templates)
    .map(([name, { tells }]) => `${name}: ${tells}`)
    .join('; ');
}

async function write(from: string, folder: string, files: readonly string[]): Promise<readonly string[]> {
  const present = await readdir(folder, { recursive: true }).catch((): string[] => []);
  const taken = files.find((file) => present.includes(file));
  if (taken !== undefined) {
    throw failure('InvalidInput', `${join(folder, taken)} is there already; nothing was written.`);
  }
  await mkdir(folder, { recursive: true });
  for (const file of files)
    await cp(join(from, file), join(folder, file), { errorOnExist: true, force: false });
  return files.map((file) => join(folder, file));
}
