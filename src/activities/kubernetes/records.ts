import type { JsonObject } from '../../contracts/json.ts';
import type { InstanceView, RuntimePatch } from '../../contracts/operation.ts';
import { type KubeObject, list, nameOf, type ObjectReference, referenceOf, text } from './objects.ts';
import { factsOf, isLeaving, mostTold } from './pods.ts';

/** What an instance remembers of its objects, as they were just read. */
export function recordOf(objects: readonly KubeObject[], pods: readonly KubeObject[]): RuntimePatch {
  const services = objects.filter((object) => object.kind === 'Service');
  return {
    kinds: objects.map((object) => nameOf(referenceOf(object))),
    objects: objects.map((object) => ({
      ...referenceOf(object),
      uid: text(object, 'metadata', 'uid') ?? null,
    })),
    pods: pods
      .filter((pod) => !isLeaving(pod))
      .slice(0, mostTold)
      .map(factsOf),
    services: services.map(serviceFacts),
  };
}

export const emptyRecord: RuntimePatch = { kinds: null, objects: null, pods: null, services: null };

/** What was applied before, by the record; nothing when the record is lacking. */
export function recordedObjects(self: InstanceView): readonly ObjectReference[] {
  return list(self.runtimeProperties, 'objects').flatMap((entry) => {
    const [apiVersion, kind, name] = [text(entry, 'apiVersion'), text(entry, 'kind'), text(entry, 'name')];
    if (apiVersion === undefined || kind === undefined || name === undefined) return [];
    return [{ apiVersion, kind, name, namespace: text(entry, 'namespace') ?? null }];
  });
}

function serviceFacts(service: KubeObject): JsonObject {
  return {
    name: service.metadata.name,
    namespace: text(service, 'metadata', 'namespace') ?? null,
    cluster_ip: text(service, 'spec', 'clusterIP') ?? null,
    ports: list(service, 'spec', 'ports').map((port) => ({
      port: port.port ?? null,
      node_port: port.nodePort ?? null,
      protocol: port.protocol ?? null,
    })),
  };
}
