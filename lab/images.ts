import type Docker from 'dockerode';
import { ensureImage } from './images/ensure.ts';
import { machineImage } from './images/machine.ts';
import { loadBalancerImage, routerImage } from './images/services.ts';
import { virtualMachineImage } from './images/virtual-machine.ts';
import type { InstallOptions } from './packages.ts';
import { withLock } from './toolchain/lock.ts';

/** Images as `name:digest of everything they are made of`. */
export type LabImages = { readonly machine: string; readonly router: string; readonly loadBalancer: string };

/**
 * The lab's images on the engine, also as `braid/machine:latest`, `braid/router:1` and `braid/load-balancer:1`.
 * Builds those whose sources have changed, with the tools and the base image that they need; the others cost nothing.
 */
export async function ensureImages(engine: Docker, options: InstallOptions): Promise<LabImages> {
  return alone(async () => {
    const context = { engine, ...options };
    const router = await ensureImage(await routerImage(), context);
    const loadBalancer = await ensureImage(await loadBalancerImage(), context);
    const machine = await ensureImage(await machineImage([router, loadBalancer]), context);
    return { machine, router, loadBalancer };
  }, options);
}

/** The image of virtual machines, also as `braid/virtual-machine:latest`; built when its sources have changed. */
export async function ensureVirtualMachineImage(engine: Docker, options: InstallOptions): Promise<string> {
  return alone(async () => ensureImage(await virtualMachineImage(), { engine, ...options }), options);
}

function alone<T>(work: () => Promise<T>, { note }: InstallOptions): Promise<T> {
  return withLock('images', work, () => note('another process builds the images; waiting'));
}
