import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Note } from '../report.ts';
import { buildOnce } from './cache.ts';
import { goBuildFlags, goLinkFlags, runGo } from './go.ts';
import { digestOf, sourceFolder } from './source.ts';
import { ensureTemporal } from './temporal.ts';

/** As the build of images/temporal wants them. */
const versions = { server: '1.31.2', ui: '2.42.1' } as const;

const modules = {
  server: `go.temporal.io/server@v${versions.server}`,
  ui: `github.com/temporalio/ui-server/v2@v${versions.ui}`,
} as const;

/**
 * The folder with what images/temporal/build-programs makes: Temporal's server proper, its tools and its Web UI. Put as
 * `programs` beside it, they are taken from there.
 */
export async function ensureTemporalPrograms(note: Note): Promise<string> {
  const source = sourceFolder('images/temporal');
  const version = `${versions.server}-${await digestOf(source)}`;
  return buildOnce({ tool: 'temporal-server', version, takes: '6 minutes', build }, note);

  async function build(folder: string): Promise<void> {
    await built(folder, 'temporal-server', modules.server, 'cmd/server', 'server');
    await built(folder, 'temporal-sql-tool', modules.server, 'cmd/tools/sql', 'sql');
    await built(folder, 'temporal-ui', modules.ui, 'cmd/server', 'server');
    await cp(await ensureTemporal(note), join(folder, 'temporal'));
    await cp(
      join(await sourcesOf(modules.server), 'schema/postgresql/v12'),
      join(folder, 'schema/postgresql/v12'),
      { recursive: true },
    );
    await cp(join(await sourcesOf(modules.ui), 'config/docker.yaml'), join(folder, 'ui.yaml'));
  }
}

async function built(
  folder: string,
  name: string,
  module: string,
  path: string,
  program: string,
): Promise<void> {
  const [root, version] = module.split('@');
  await runGo(['install', ...goBuildFlags, goLinkFlags, `${root}/${path}@${version}`], {
    env: { GOBIN: folder },
  });
  await rename(join(folder, program), join(folder, name));
}

const downloadSchema = z.object({ Dir: z.string() });

/** Where Go keeps a module's files, which it fetches when they are not there. */
async function sourcesOf(module: string): Promise<string> {
  return downloadSchema.parse(JSON.parse(await runGo(['mod', 'download', '-json', module]))).Dir;
}
