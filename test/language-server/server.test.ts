import { mkdir, mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CompletionRequest,
  type CompletionItem,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  HoverRequest,
  type Location,
  type Position,
} from 'vscode-languageserver-protocol/node';
import { type Editor, startEditor } from './client.ts';

const main = `tosca_definitions_version: cloudify_dsl_1_3
imports:
  - cloudify/types/types.yaml
  - types.yaml
node_templates:
  one:
    type: my.Type
    properties:
      greeting: hello
  two:
    type: my.Type
    properties: { greeting: { get_property: [one, greeting] } }
    relationships:
      - type: cloudify.relationships.connected_to
        target: one
`;
const types = `node_types:
  my.Type:
    description: Greets.
    derived_from: cloudify.nodes.Root
    properties:
      greeting: { type: string, description: What it says. }
`;

let top: string;
let folder: string;
let editor: Editor;

beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'braid-lsp-'));
  editor = await startEditor([top]);
}, 60_000);
afterAll(async () => {
  await editor.end();
  await rm(top, { recursive: true });
});

let number = 0;
const open = new Set<string>();
beforeEach(async () => {
  number += 1;
  folder = join(top, String(number));
  await mkdir(folder);
  await writeFile(join(folder, 'blueprint.yaml'), main);
  await writeFile(join(folder, 'types.yaml'), types);
});
afterEach(async () => {
  for (const uri of open) await close(uri);
});

const uriOf = (name: string): string => pathToFileURL(join(folder, name)).href;

async function show(name: string, text: string): Promise<string> {
  const uri = name.includes(':') ? name : uriOf(name);
  open.add(uri);
  await editor.open(uri, text);
  return uri;
}

async function close(uri: string): Promise<void> {
  open.delete(uri);
  await editor.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
}

/** Where a part of a text is, counted as editors do. */
function positionOf(text: string, part: string, inside = 0): Position {
  const before = text.slice(0, text.indexOf(part) + inside);
  const lines = before.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

it('says what it can', () => {
  expect(editor.initialized).toMatchObject({
    serverInfo: { name: 'braid' },
    capabilities: { hoverProvider: true, definitionProvider: true, completionProvider: {} },
  });
});

describe('diagnostics', () => {
  it('are none for what is right', async () => {
    expect(await editor.diagnostics(await show('blueprint.yaml', main), 1)).toEqual([]);
  });

  it('come and go as one types', async () => {
    const uri = await show('blueprint.yaml', main);
    await editor.diagnostics(uri, 1);
    const position = positionOf(main, 'my.Type', 7);
    await editor.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: position, end: position }, text: 'x' }],
    });
    expect(await editor.diagnostics(uri, 2)).toMatchObject([
      {
        source: 'braid',
        severity: 1,
        code: 'unknown-type',
        message: expect.stringMatching(/`my\.Typex`.*\nDid you mean `my\.Type`\?/),
        range: { start: { line: 6, character: 10 }, end: { line: 6, character: 18 } },
      },
    ]);
    await editor.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 3 },
      contentChanges: [{ range: { start: position, end: { ...position, character: 18 } }, text: '' }],
    });
    expect(await editor.diagnostics(uri, 3)).toEqual([]);
  });

  it('count columns in UTF-16 units, and know the line ends of Windows', async () => {
    const text = main.replace('greeting: hello', 'greeting: { concat: ["𝒽éllo", { get_input: x }] }');
    const uri = await show('blueprint.yaml', text.replaceAll('\n', '\r\n'));
    const start = { line: 8, character: text.split('\n')[8]?.indexOf('x }') };
    expect(await editor.diagnostics(uri, 1)).toMatchObject([{ code: 'unknown-input', range: { start } }]);
  });

  it('of an imported file are shown in it, and follow what is not saved yet', async () => {
    const uri = await show('blueprint.yaml', main);
    await editor.diagnostics(uri, 1);
    const imported = await show('types.yaml', types.replace('my.Type', 'my.Other'));
    const said = await editor.told(uri, ({ diagnostics }) => diagnostics.length === 2);
    expect(said.diagnostics).toMatchObject([{ code: 'unknown-type' }, { code: 'unknown-type' }]);
    await editor.replace(imported, 2, types.replace('Root', 'Rot'));
    expect(await editor.diagnostics(imported, 2)).toMatchObject([{ code: 'unknown-parent' }]);
    await close(imported);
    expect((await editor.told(uri, ({ diagnostics }) => diagnostics.length === 0)).diagnostics).toEqual([]);
  });

  it('of a file that only others import do not ask it to be a blueprint', async () => {
    const uri = await show('types.yaml', types.replace('Root', 'Rot'));
    expect(await editor.diagnostics(uri, 1)).toMatchObject([{ code: 'unknown-parent' }]);
  });

  it('of a part that nobody imports are what can be said without', async () => {
    await unlink(join(folder, 'blueprint.yaml'));
    const uri = await show('types.yaml', types.replace('description', 'descripton'));
    expect(await editor.diagnostics(uri, 1)).toMatchObject([{ code: 'unknown-key' }]);
  });

  it('are none for YAML of other kinds', async () => {
    const uri = await show('service.yaml', 'apiVersion: v1\nkind: Service\n');
    expect(await editor.diagnostics(uri, 1)).toEqual([]);
  });

  it('follow files that come and go', async () => {
    await unlink(join(folder, 'types.yaml'));
    const uri = await show('blueprint.yaml', main);
    expect(await editor.diagnostics(uri, 1)).toMatchObject([
      { code: 'import-not-found' },
      { code: 'unknown-type' },
      { code: 'unknown-type' },
    ]);
    await writeFile(join(folder, 'types.yaml'), types);
    const changes = [{ uri: uriOf('types.yaml'), type: 1 as const }];
    await editor.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes });
    await editor.told(uri, ({ diagnostics }) => diagnostics.length === 0);
  });

  it('are taken back when the document is closed', async () => {
    const uri = await show('blueprint.yaml', main.replace('my.Type', 'my.Typ'));
    expect(await editor.diagnostics(uri, 1)).toHaveLength(1);
    await close(uri);
    await editor.told(uri, ({ diagnostics }) => diagnostics.length === 0);
  });

  it('are there for a document that was never saved', async () => {
    const uri = await show('untitled:Untitled-1', main);
    expect(await editor.diagnostics(uri, 1)).toMatchObject([{ code: 'import-not-found' }, {}, {}]);
    await editor.replace(uri, 2, main.replace('  - types.yaml\n', ''));
    expect(await editor.diagnostics(uri, 2)).toMatchObject([
      { code: 'unknown-type' },
      { code: 'unknown-type' },
    ]);
  });

  it('never come from outside of the folder, nor from a network', async () => {
    await symlink('/etc/hostname', join(folder, 'link.yaml'));
    const imports = [
      '../1/types.yaml',
      '/etc/passwd',
      'link.yaml',
      'http://127.0.0.1:1/x.yaml',
      'blueprint:x',
    ];
    const text = `tosca_definitions_version: cloudify_dsl_1_3\nimports: ${JSON.stringify(imports)}\n`;
    const found = await editor.diagnostics(await show('evil.yaml', text), 1);
    expect(found.filter(({ code }) => code === 'import-not-found')).toHaveLength(imports.length);
  });

  it('live through what is meant to break them', async () => {
    const bomb = `a: &a [x,x]\nb: &b [${'*a,'.repeat(999)}]\nc: &c [${'*b,'.repeat(999)}]\nd: [${'*c,'.repeat(999)}]\n`;
    const uri = await show(
      'evil.yaml',
      `tosca_definitions_version: x\ndsl_definitions:\n${bomb.replaceAll(/^/gm, '  ')}`,
    );
    expect((await editor.diagnostics(uri, 1)).map(({ code }) => code)).toContain('too-many-aliases');
    await editor.replace(uri, 2, `tosca_definitions_version: x\na: ${'['.repeat(5_000)}`);
    expect((await editor.diagnostics(uri, 2)).length).toBeGreaterThan(0);
    expect(await completionsAt(uri, { line: 1, character: 500 })).toEqual([]);
    await editor.replace(uri, 3, `tosca_definitions_version: x\n${'#'.repeat(2_000_001)}`);
    expect(await editor.diagnostics(uri, 3)).toMatchObject([{ code: 'too-large', severity: 3 }]);
    await editor.replace(uri, 4, main);
    expect(await editor.diagnostics(uri, 4)).toEqual([]);
  });
});

describe('completion', () => {
  it('offers the types of an import that is not saved yet', async () => {
    await show('types.yaml', types.replace('my.Type', 'my.Unsaved'));
    const text = main.replace('type: my.Type', 'type: my.');
    const uri = await show('blueprint.yaml', text);
    const items = await completionsAt(uri, positionOf(text, 'type: my.\n', 9));
    expect(items.find(({ label }) => label === 'my.Unsaved')).toMatchObject({
      documentation: { value: 'Greets.' },
      textEdit: { newText: 'my.Unsaved', range: { start: { line: 6, character: 10 } } },
    });
  });

  it('works where the file is no YAML just now', async () => {
    const text = main.replace('greeting: hello', 'greeting: { get_property: [');
    const uri = await show('blueprint.yaml', text);
    const items = await completionsAt(uri, positionOf(text, 'get_property: [', 15));
    expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['SELF', 'two']));
  });

  it('offers files of the folder as imports', async () => {
    const text = 'imports:\n  - ';
    const items = await completionsAt(await show('new.yaml', text), { line: 1, character: 4 });
    expect(items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['types.yaml', 'plugin:braid-machines', 'cloudify/types/types.yaml']),
    );
  });

  it('leaves no marks of snippets where the editor has none', async () => {
    const plain = await startEditor([], false);
    await plain.open(uriOf('blueprint.yaml'), 'tosca_definitions_version: cloudify_dsl_1_3\n');
    const result = await plain.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri: uriOf('blueprint.yaml') },
      position: { line: 1, character: 0 },
    });
    const items = Array.isArray(result) ? result : [];
    expect(items.find(({ label }) => label === 'inputs')).toMatchObject({ textEdit: { newText: 'inputs:' } });
    expect(await plain.end()).toBe(0);
  });
});

describe('hover', () => {
  it('tells what a type is', async () => {
    const uri = await show('blueprint.yaml', main);
    expect(await hoverAt(uri, positionOf(main, 'my.Type', 3))).toMatch(
      /`my\.Type`: node type\n\nGreets\.[^]*`cloudify\.nodes\.Root`[^]*`greeting` \(string, required\): What it says\./,
    );
    expect(await hoverAt(uri, positionOf(main, 'greeting:', 1))).toContain('What it says.');
    expect(await hoverAt(uri, positionOf(main, 'get_property', 1))).toContain('property of a node');
    expect(await hoverAt(uri, positionOf(main, 'hello', 1))).toBeNull();
  });
});

describe('definition', () => {
  it('goes across imports, and into the catalogue', async () => {
    const uri = await show('blueprint.yaml', main);
    expect(await definitionAt(uri, positionOf(main, 'my.Type', 3))).toMatchObject({
      uri: uriOf('types.yaml'),
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 9 } },
    });
    expect(await definitionAt(uri, positionOf(main, 'greeting]', 3))).toMatchObject({
      uri: uriOf('types.yaml'),
      range: { start: { line: 5, character: 6 } },
    });
    expect(await definitionAt(uri, positionOf(main, 'target: one', 9))).toMatchObject({
      uri,
      range: { start: { line: 5, character: 2 } },
    });
    expect(await definitionAt(uri, positionOf(main, '- types.yaml', 4))).toMatchObject({
      uri: uriOf('types.yaml'),
    });
    const shipped = await definitionAt(uri, positionOf(main, 'relationships.connected_to', 3));
    expect(shipped?.uri).toMatch(/types\.yaml$/);
    const catalogued = await show(shipped?.uri ?? '', 'node_types:\n  x: { derived_from: y }\n');
    expect(await editor.diagnostics(catalogued, 1)).toEqual([]);
  });

  it('works in a file that is imported into a namespace', async () => {
    await writeFile(join(folder, 'blueprint.yaml'), main.replace('- types.yaml', '- ns--types.yaml'));
    const text = `${types}  my.Second:\n    derived_from: my.Type\n`;
    const uri = await show('types.yaml', text);
    expect(await definitionAt(uri, positionOf(text, 'derived_from: my.Type', 15))).toMatchObject({
      uri,
      range: { start: { line: 1 } },
    });
  });
});

async function completionsAt(uri: string, position: Position): Promise<readonly CompletionItem[]> {
  const result = await editor.connection.sendRequest(CompletionRequest.type, {
    textDocument: { uri },
    position,
  });
  return Array.isArray(result) ? result : (result?.items ?? []);
}

async function hoverAt(uri: string, position: Position): Promise<string | null> {
  const result = await editor.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
  return typeof result?.contents === 'object' && 'value' in result.contents ? result.contents.value : null;
}

async function definitionAt(uri: string, position: Position): Promise<Location | null> {
  const result = await editor.connection.sendRequest(DefinitionRequest.type, {
    textDocument: { uri },
    position,
  });
  return result !== null && 'uri' in result ? result : null;
}

it('knows plugins of one’s own: completes them, goes into them, and shows there what is wrong with them', async () => {
  const plugins = join(top, 'plugins');
  await mkdir(join(plugins, 'mine'), { recursive: true });
  const plugin = join(plugins, 'mine', 'plugin.yaml');
  await writeFile(plugin, 'node_types:\n  mine.Type: { derived_from: cloudify.nodes.Root }\n');
  await writeFile(join(plugins, 'other.yaml'), 'node_types: {}\n');
  const own = await startEditor([folder], true, plugins);
  const text = `tosca_definitions_version: cloudify_dsl_1_3
imports: [cloudify/types/types.yaml, plugin:mine]
node_templates:
  one: { type: mine.Type }
`;
  const uri = uriOf('own.yaml');
  await own.open(uri, text);
  expect(await own.diagnostics(uri, 1)).toEqual([]);
  const at = (part: string) => ({ textDocument: { uri }, position: positionOf(text, part, 3) });
  expect(await own.connection.sendRequest(DefinitionRequest.type, at('mine.Type'))).toMatchObject({
    uri: pathToFileURL(plugin).href,
    range: { start: { line: 1, character: 2 } },
  });
  const offered = await own.connection.sendRequest(CompletionRequest.type, at('plugin:mine'));
  expect(Array.isArray(offered) ? offered.map(({ label }) => label) : []).toEqual(
    expect.arrayContaining(['plugin:mine', 'plugin:other', 'plugin:braid-machines']),
  );
  const pluginUri = pathToFileURL(plugin).href;
  await own.open(pluginUri, 'node_types:\n  mine.Type: { derived_from: nothing }\n');
  const said = await own.told(pluginUri, ({ diagnostics }) => diagnostics.length > 0);
  expect(said.diagnostics).toMatchObject([{ code: 'unknown-parent' }]);
  expect(await own.end()).toBe(0);
});
