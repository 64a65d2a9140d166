import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findProgram } from '../../lab/packages.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Browser = { newPage(): Promise<Page>; close(): Promise<void> };

/** Debian's Chromium without a window, with a profile of its own, and with `further` flags of its command line. */
export async function openBrowser(further: readonly string[] = []): Promise<Browser> {
  const executablePath = await findProgram('chromium');
  if (executablePath === undefined) throw new Error('There is no program chromium.');
  const profile = await mkdtemp(join(tmpdir(), 'braid-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [...flags, ...further],
    viewport: { width: 1280, height: 1000 },
  });
  context.setDefaultTimeout(20_000);
  return {
    newPage: () => context.newPage(),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
