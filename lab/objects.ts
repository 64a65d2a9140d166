import { setTimeout as wait } from 'node:timers/promises';
import Docker from 'dockerode';

/** Everything that a lab's worker makes on the engine carries this label with the lab's name. */
export const labLabel = 'io.braid.lab';

export type LabObjects = {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
};

/** The names of the lab's own objects on the engine. */
export async function listLabObjects(lab: string, docker: Docker = new Docker()): Promise<LabObjects> {
  const filters = { label: [`${labLabel}=${lab}`] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return {
    containers: containers.map((container) => container.Names[0]?.slice(1) ?? container.Id),
    networks: networks.map((network) => network.Name),
    volumes: volumes.Volumes.map((volume) => volume.Name),
  };
}

/** Removes the lab's containers with their disks, then its networks and volumes; what is gone already is well. */
export async function removeLabObjects(lab: string, docker: Docker = new Docker()): Promise<LabObjects> {
  const objects = await listLabObjects(lab, docker);
  await Promise.all(
    objects.containers.map((name) => gone(() => docker.getContainer(name).remove({ force: true, v: true }))),
  );
  await Promise.all(objects.networks.map((name) => gone(() => docker.getNetwork(name).remove())));
  await Promise.all(objects.volumes.map((name) => gone(() => docker.getVolume(name).remove())));
  return objects;
}

export function countObjects(objects: LabObjects): number {
  return objects.containers.length + objects.networks.length + objects.volumes.length;
}

/** The engine removes an object only when all that uses it is gone, which a removal before may not have ended yet. */
async function gone(remove: () => Promise<unknown>, patience = 30_000): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
      if (status === 404) return;
      const inUse = status === 409 || status === 403;
      if (!inUse || Date.now() > deadline) throw error;
      await wait(200);
    }
  }
}
