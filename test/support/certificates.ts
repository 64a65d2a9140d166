import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { commandsOf, pageAt } from '../docs/printed.ts';

export type Certificates = Readonly<Record<'ca' | 'server' | 'client', string>> & {
  readonly serverKey: string;
  readonly clientKey: string;
};

/** Made in the folder, by the commands of docs/production.md as they are printed there. */
export function makeCertificates(folder: string): Certificates {
  const commands = commandsOf(pageAt('docs/production.md')).find((block) => block.includes('openssl req'));
  if (commands === undefined) throw new Error('docs/production.md has no commands that make certificates.');
  execFileSync('sh', ['-euc', commands], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const file = (name: string): string => join(folder, 'certificates', name);
  return {
    ca: file('ca.pem'),
    server: file('server.pem'),
    serverKey: file('server.key'),
    client: file('client.pem'),
    clientKey: file('client.key'),
  };
}
