import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Editor, startEditor } from './client.ts';

const main = `tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml, types.yaml]
node_templates:
  one: { type: my.Type, properties: { more: 1 } }
`;
const types = `node_types:
  my.Type: { derived_from: cloudify.nodes.Root }
`;

let folder: string;
let editor: Editor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'braid-lsp-'));
  await writeFile(join(folder, 'types.yaml'), types);
  await writeFile(join(folder, 'parts.yaml'), 'imports: [part.yaml]\n');
  await writeFile(
    join(folder, 'whole.yaml'),
    'tosca_definitions_version: cloudify_dsl_1_3\nimports: [parts.yaml]\n',
  );
  editor = await startEditor([folder]);
}, 60_000);
afterAll(async () => {
  await editor.end();
  await rm(folder, { recursive: true });
});

const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;
const onLine = (line: number, start: number, end: number) => ({
  start: { line, character: start },
  end: { line, character: end },
});

describe('a diagnostic leads', () => {
  it('to the type that asks for something, and to those that it derives from', async () => {
    const uri = uriOf('blueprint.yaml');
    await editor.open(uri, main);
    expect(await editor.diagnostics(uri, 1)).toMatchObject([
      {
        code: 'unknown-property',
        relatedInformation: [
          {
            location: { uri: uriOf('types.yaml'), range: onLine(1, 2, 9) },
            message: 'The type my.Type is defined here.',
          },
          {
            location: {
              uri: new URL('../../src/activities/blueprints/types.yaml', import.meta.url).href,
              range: { start: { character: 2 }, end: { character: 21 } },
            },
            message: 'my.Type derives from cloudify.nodes.Root, which is defined here.',
          },
        ],
      },
    ]);
  });

  it('to the imports by which its file came in', async () => {
    const uri = uriOf('part.yaml');
    await editor.open(uri, 'node_types:\n  t: { derived_from: lost }\n');
    expect(await editor.diagnostics(uri, 1)).toMatchObject([
      {
        code: 'unknown-parent',
        relatedInformation: [
          {
            location: { uri: uriOf('parts.yaml'), range: onLine(0, 10, 19) },
            message: 'part.yaml is imported here.',
          },
          {
            location: { uri: uriOf('whole.yaml'), range: onLine(1, 10, 20) },
            message: 'parts.yaml is imported here.',
          },
        ],
      },
    ]);
  });

  it('to the blueprint from a file that ships with Braid', async () => {
    const uri = uriOf('shared.yaml');
    await editor.open(
      uri,
      `tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml, 'plugin:cloudify-openstack-plugin']
node_templates:
  net: { type: cloudify.nodes.openstack.Subnet }
  share:
    type: cloudify.nodes.openstack.SharedFileSystem
    properties: { resource_config: { size: 1, share_proto: NFS } }
    relationships:
      - { type: cloudify.relationships.openstack.share_connected_to_subnet, target: net }
`,
    );
    const shipped = new URL('../../src/activities/foreign/openstack.yaml', import.meta.url).href;
    const said = await editor.told(shipped, ({ diagnostics }) => diagnostics.length > 0);
    const imported = {
      location: { uri, range: { start: { line: 1, character: 37 } } },
      message: 'plugin:cloudify-openstack-plugin is imported here.',
    };
    expect(said.diagnostics).toMatchObject([
      { code: 'evaluation-failed', relatedInformation: [imported] },
      { code: 'evaluation-failed', relatedInformation: [imported] },
    ]);
  });

  it('nowhere in an editor that would not show it', async () => {
    const plain = await startEditor([folder], true, undefined, false);
    const uri = uriOf('blueprint.yaml');
    await plain.open(uri, main);
    const [unknown] = await plain.diagnostics(uri, 1);
    expect(unknown).toMatchObject({ code: 'unknown-property' });
    expect(unknown).not.toHaveProperty('relatedInformation');
    expect(await plain.end()).toBe(0);
  });
});
