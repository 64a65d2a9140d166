import { pathToFileURL } from 'node:url';
import type { Location as LspLocation } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { blueprintFiles } from '../activities/blueprints/catalogue.ts';
import type { Overlay } from '../activities/blueprints/folder.ts';
import { complete, type Completions } from '../editor/completion.ts';
import { type Definition, definitionOf } from '../editor/definition.ts';
import { hover, type Hover } from '../editor/hover.ts';
import type { Knowledge } from '../editor/knowledge.ts';
import { mostCharacters } from '../editor/problems.ts';
import { repaired } from '../editor/repair.ts';
import type { Model } from '../language/index.ts';
import { withoutNamespaces } from '../language/sections/namespaces.ts';
import type { Place } from '../language/source/place.ts';
import { addressOf, check, type Checked, folderOf, keyOf, type Location, locationOf } from './check.ts';
import { rangeOf, rangeOfPlace } from './convert.ts';
import { nearby } from './nearby.ts';
import type { Workspace } from './workspace.ts';

export type Features = {
  readonly complete: (document: TextDocument, offset: number) => Promise<Completions | null>;
  readonly hover: (document: TextDocument, offset: number) => Promise<Hover | null>;
  readonly define: (document: TextDocument, offset: number) => Promise<LspLocation | null>;
};

/** Answers about a place of an open document. */
export function createFeatures(workspace: Workspace, overlay: Overlay, plugins: string | null): Features {
  return {
    async complete(document, offset) {
      const known = await knowledgeOf(document);
      return known === null ? null : complete(document.getText(), offset, known.knowledge);
    },
    async hover(document, offset) {
      const known = await knowledgeOf(document);
      return known === null ? null : hover(document.getText(), offset, known.knowledge);
    },
    async define(document, offset) {
      const known = await knowledgeOf(document);
      const found = known === null ? null : definitionOf(document.getText(), offset, known.knowledge);
      return known === null || found === null ? null : locate(found, document, known.location);
    },
  };

  async function knowledgeOf(document: TextDocument) {
    const own = locationOf(document.uri);
    if (document.getText().length > mostCharacters) return null;
    const checked = await understood(own, await workspace.blueprintsOf(own.key));
    const knowledge: Knowledge = { model: checked.model, ...(await nearby(own.folder, plugins)) };
    return { knowledge, location: checked.location };
  }

  /** The blueprint by which a file is understood: one that has all its names as the file itself writes them. */
  async function understood(own: Location, blueprints: readonly Checked[]): Promise<Checked> {
    const others = blueprints.filter(({ location }) => location.key !== own.key);
    const fit = [...others, ...blueprints].find((one) => isWhole(one) && !isRenamed(one, own, plugins));
    const mend: Overlay = (path) => (path === own.key || own.folder !== null ? mended(path) : undefined);
    return fit ?? check(own, mend, plugins);
  }

  /** While a line is half written its file is no YAML; the rest of the file is understood all the same. */
  function mended(path: string): string | undefined {
    const text = overlay(path);
    return text === undefined ? undefined : repaired(text);
  }

  async function locate(
    found: Definition,
    document: TextDocument,
    blueprint: Location,
  ): Promise<LspLocation | null> {
    if (found.kind === 'here') return { uri: document.uri, range: rangeOf(found.start, found.end, document) };
    if (found.kind === 'place') {
      return {
        uri: uriOf(found.place.file.name, blueprint, plugins),
        range: rangeOfPlace(found.place),
      };
    }
    const own = locationOf(document.uri);
    const file =
      found.what === 'import' ? await importedFile(found.location, own) : await script(found.location, own);
    const start = { line: 0, character: 0 };
    return file === null ? null : { uri: file, range: { start, end: start } };
  }

  async function importedFile(location: string, own: Location): Promise<string | null> {
    const plain = withoutNamespaces(location).at(-1) ?? location;
    const result = await blueprintFiles(folderOf(own, overlay), plugins).load(plain, own.name);
    return 'file' in result ? uriOf(result.file, own, plugins) : null;
  }

  async function script(path: string, own: Location): Promise<string | null> {
    const found = await folderOf(own, overlay).find(path);
    return 'name' in found ? pathToFileURL(keyOf(own, found.name, plugins)).href : null;
  }
}

function uriOf(file: string, blueprint: Location, plugins: string | null): string {
  return addressOf(keyOf(blueprint, file, plugins));
}

function isWhole({ model, diagnostics }: Checked): boolean {
  return model !== null && !diagnostics.some(({ code }) => code === 'invalid-yaml');
}

/** Whether the blueprint imports the file into a namespace, so that its names have a prefix. */
function isRenamed({ model, location }: Checked, own: Location, plugins: string | null): boolean {
  return definitions(model).some(
    ({ name, at }) =>
      keyOf(location, at.file.name, plugins) === own.key &&
      !at.file.text.slice(at.start, at.end).includes(name),
  );
}

function definitions(model: Model | null): readonly { readonly name: string; readonly at: Place }[] {
  if (model === null) return [];
  const { nodeTemplates, nodeTypes, inputs, relationships, dataTypes } = model.blueprint;
  return [nodeTemplates, nodeTypes, inputs, relationships, dataTypes].flatMap((table) => [...table.values()]);
}
