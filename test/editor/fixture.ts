import { blueprintFiles } from '../../src/activities/blueprints/catalogue.ts';
import { folderInMemory } from '../../src/activities/blueprints/folder.ts';
import type { Knowledge } from '../../src/editor/knowledge.ts';
import { repaired } from '../../src/editor/repair.ts';
import { compile } from '../../src/language/index.ts';

/** Where the cursor is in a text. */
const caret = '‸';

export type Marked = { readonly text: string; readonly offset: number; readonly knowledge: Knowledge };

export const head = `tosca_definitions_version: cloudify_dsl_1_3
imports:
  - cloudify/types/types.yaml
  - plugin:braid-machines
  - own.yaml
inputs:
  subnet:
    description: The addresses.
    default: 10.0.0.0/24
  other: {}
`;

/** Types that the fixtures import. */
const own = `
data_types:
  own.Address:
    description: Where it is.
    properties:
      host: { type: string, description: Its name. }
      port: { type: integer, default: 80 }
  own.Place:
    properties:
      address: { type: own.Address }
node_types:
  own.Service:
    description: A service of our own.
    derived_from: cloudify.nodes.Root
    properties:
      place: { type: own.Place, required: false }
      enabled: { type: boolean, default: true, description: Whether it is on. }
    interfaces:
      own.interface:
        check:
          implementation: ''
          inputs:
            depth: { type: integer, default: 1, description: How deep. }
relationships:
  own.linked:
    derived_from: cloudify.relationships.connected_to
    properties:
      weight: { default: 1 }
`;

/** A file with a caret in it, and what is known of it. */
export async function marked(textWithCaret: string): Promise<Marked> {
  const offset = textWithCaret.indexOf(caret);
  if (offset < 0) throw new Error('There is no caret in the text.');
  const text = textWithCaret.replace(caret, '');
  return { text, offset, knowledge: await knowledgeOf(text) };
}

async function knowledgeOf(text: string): Promise<Knowledge> {
  const files = new Map([
    ['main.yaml', repaired(text)],
    ['own.yaml', own],
    ['scripts/start.sh', ''],
  ]);
  const { model } = await compile({
    main: 'main.yaml',
    ...blueprintFiles(folderInMemory(files)),
    inputs: null,
  });
  return { model, imports: ['cloudify/types/types.yaml', 'own.yaml'], scripts: ['scripts/start.sh'] };
}
