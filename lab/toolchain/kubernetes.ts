import { join } from 'node:path';
import type { Note } from '../report.ts';
import { buildOnce } from './cache.ts';
import { goBuildFlags, goLinkFlags, runGo } from './go.ts';
import { digestOf, sourceFolder } from './source.ts';

/** As `kubeadm config images list` of this version names what it wants. */
export const kubernetesVersion = 'v1.34.4';
const etcdVersion = '3.6.5';
export const etcdTag = '3.6.5-0';
export const pauseTag = '3.10.1';

/** The path of the one binary that is every command of Kubernetes, by the name that it is called by. */
export async function ensureKubernetes(note: Note): Promise<string> {
  const source = sourceFolder('lab/kubernetes');
  const version = `${kubernetesVersion.slice(1)}-${await digestOf(source, versionFlags)}`;
  const build = (folder: string) =>
    runGo(
      ['build', ...goBuildFlags, `${goLinkFlags} ${versionFlags}`, '-o', join(folder, 'kubernetes'), '.'],
      {
        cwd: source,
      },
    );
  return join(
    await buildOnce({ tool: 'kubernetes', version, takes: '9 minutes', build }, note),
    'kubernetes',
  );
}

export async function ensureEtcd(note: Note): Promise<string> {
  const source = sourceFolder('lab/etcd');
  const version = `${etcdVersion}-${await digestOf(source)}`;
  const build = (folder: string) =>
    runGo(['build', ...goBuildFlags, goLinkFlags, '-o', join(folder, 'etcd'), 'go.etcd.io/etcd/server/v3'], {
      cwd: source,
    });
  return join(await buildOnce({ tool: 'etcd', version, takes: '30 seconds', build }, note), 'etcd');
}

export async function ensurePause(note: Note): Promise<string> {
  const source = sourceFolder('lab/pause');
  const version = `${pauseTag}-${await digestOf(source)}`;
  const build = (folder: string) =>
    runGo(['build', ...goBuildFlags, goLinkFlags, '-o', join(folder, 'pause'), '.'], { cwd: source });
  return join(await buildOnce({ tool: 'pause', version, takes: '2 seconds', build }, note), 'pause');
}

/** What the commands tell as their version, and clients compare. */
const versionFlags = [
  `gitVersion=${kubernetesVersion}`,
  `gitMajor=${kubernetesVersion.slice(1).split('.')[0]}`,
  `gitMinor=${kubernetesVersion.split('.')[1]}`,
]
  .map((setting) => `-X k8s.io/component-base/version.${setting}`)
  .join(' ');
