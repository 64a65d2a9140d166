import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { compressionCodec, failAsUnreadable } from '../../src/connection/compression.ts';

/** Somewhere to look, and all that is there. */
export type Place = { readonly name: string; readonly content: string };

/** Everything that the server tells of its workflows: histories, memos, search attributes, summaries. */
export async function workflowPlaces(client: Client): Promise<readonly Place[]> {
  const places: Place[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    const { raw } = await handle.describe();
    places.push({ name: `history of ${workflowId}`, content: await textOf(history) });
    places.push({ name: `description of ${workflowId}`, content: await textOf(raw) });
  }
  return places;
}

/** The files below a folder, but for those that `except` says. */
export async function filePlaces(
  folder: string,
  except: (path: string) => boolean,
): Promise<readonly Place[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !except(path));
  return Promise.all(
    paths.map(async (name) => ({ name, content: await readFile(name, 'latin1').catch(() => '') })),
  );
}

/** All texts within, each payload decompressed. */
async function textOf(value: unknown): Promise<string> {
  const texts: string[] = [];
  await collect(value, texts);
  return texts.join('\n');
}

async function collect(value: unknown, texts: string[]): Promise<void> {
  if (typeof value === 'string') texts.push(value);
  if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('latin1'));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (isPayload(value)) {
    const [plain] = await compressionCodec(failAsUnreadable).decode([value]);
    texts.push(Buffer.from(plain?.data ?? []).toString());
  }
  for (const [key, inner] of Object.entries(value)) {
    texts.push(key);
    await collect(inner, texts);
  }
}

function isPayload(value: object): value is Payload {
  return 'data' in value && value.data instanceof Uint8Array && 'metadata' in value;
}
