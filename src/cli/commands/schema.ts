import type { Command } from 'commander';
import { blueprintFiles, catalogue } from '../../activities/blueprints/catalogue.ts';
import { folderInMemory } from '../../activities/blueprints/folder.ts';
import { failure } from '../../contracts/failure.ts';
import { jsonSchema } from '../../editor/json-schema.ts';
import { compile } from '../../language/index.ts';
import { standardOutput } from '../terminal.ts';

export function addSchema(program: Command): void {
  program
    .command('schema')
    .description('the JSON Schema of blueprints, for editors that know YAML but not Braid')
    .action(async () => {
      standardOutput.value(await blueprintSchema());
    });
}

/** With all types that ship with Braid. */
export async function blueprintSchema() {
  const imports = Object.keys(catalogue);
  const main = JSON.stringify({ tosca_definitions_version: 'cloudify_dsl_1_5', imports });
  const { model } = await compile({
    main: 'all.yaml',
    ...blueprintFiles(folderInMemory(new Map([['all.yaml', main]]))),
    inputs: null,
  });
  if (model === null) throw failure('Internal', 'The types that ship with Braid cannot be read.');
  return jsonSchema(model);
}
