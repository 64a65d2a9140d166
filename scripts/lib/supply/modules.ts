import { join } from 'node:path';
import { findProgram } from '../../../lab/packages.ts';
import { run } from '../../../lab/toolchain/run.ts';
import { type Dependency, licenceInFolder } from './dependency.ts';

/** What is built in each folder of the lab. */
const programs = {
  'lab/etcd': 'go.etcd.io/etcd/server/v3',
  'lab/kubernetes': '.',
  'lab/pause': '.',
} as const;

const format = '{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}';

/** The Go modules that the lab’s programs are built of. Fails where Go is missing or cannot fetch them. */
export async function goModules(root: string): Promise<readonly Dependency[]> {
  const go = (await findProgram('go')) ?? (await findProgram('go', '/usr/local/go/bin'));
  if (go === undefined) throw new Error('Go is not installed');
  const lines = new Set<string>();
  for (const [folder, program] of Object.entries(programs)) {
    const printed = await run(go, ['list', '-deps', '-f', format, program], { cwd: join(root, folder) });
    for (const line of printed.split('\n')) lines.add(line);
  }
  const modules = [...lines].map((line) => line.split('\t')).filter(([, version = '']) => version !== '');
  return Promise.all(
    modules.map(async ([name = '', version = '', folder = '']) => ({
      name,
      version,
      licence: await licenceInFolder(folder),
    })),
  );
}
