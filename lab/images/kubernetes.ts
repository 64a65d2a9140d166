import { join } from 'node:path';
import { cacheRoot } from '../state.ts';
import {
  ensureEtcd,
  ensureKubernetes,
  ensurePause,
  etcdTag,
  kubernetesVersion,
  pauseTag,
} from '../toolchain/kubernetes.ts';
import { digestOf, sourceFolder } from '../toolchain/source.ts';
import { ensureBase } from './base.ts';
import { buildImage } from './build.ts';
import { saveImages, tagImage } from './engine.ts';
import type { ImageContext } from './ensure.ts';
import { stageFile, stageFolder, withStage } from './stage.ts';

/** The stages of images/kubernetes/Dockerfile, and the names under which kubeadm looks for what they make. */
const kubeadmImages = {
  'control-plane': [
    `registry.k8s.io/kube-apiserver:${kubernetesVersion}`,
    `registry.k8s.io/kube-controller-manager:${kubernetesVersion}`,
    `registry.k8s.io/kube-scheduler:${kubernetesVersion}`,
  ],
  proxy: [`registry.k8s.io/kube-proxy:${kubernetesVersion}`],
  etcd: [`registry.k8s.io/etcd:${etcdTag}`],
  pause: [`registry.k8s.io/pause:${pauseTag}`],
} as const;

const commands = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];

/** Of everything that kubeadm's images are made of. */
export async function kubernetesDigest(): Promise<string> {
  const programs = await Promise.all(
    ['lab/kubernetes', 'lab/etcd', 'lab/pause'].map((path) => digestOf(sourceFolder(path))),
  );
  const names = JSON.stringify(kubeadmImages);
  return digestOf(sourceFolder('images/kubernetes'), names, ...programs);
}

/** Builds kubeadm's images on the engine and writes them to one archive. */
export async function saveKubernetesImages(context: ImageContext, archive: string): Promise<void> {
  const base = await ensureBase(context);
  await withStage(cacheRoot(), async (folder) => {
    await stageFolder(sourceFolder('images/kubernetes'), folder);
    await stageFile(await ensureKubernetes(context.note), join(folder, 'kubernetes/kubernetes'), commands);
    await stageFile(await ensureEtcd(context.note), join(folder, 'etcd'));
    await stageFile(await ensurePause(context.note), join(folder, 'pause'));
    for (const [target, [first, ...others]] of Object.entries(kubeadmImages)) {
      await buildImage(context.engine, { folder, image: first, base, target });
      for (const name of others) await tagImage(context.engine, first, name);
    }
  });
  await saveImages(context.engine, Object.values(kubeadmImages).flat(), archive);
}
