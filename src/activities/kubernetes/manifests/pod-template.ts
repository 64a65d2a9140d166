import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../../../contracts/json.ts';
import { at, type KubeObject, list, text, withValue } from '../objects.ts';

const paths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  ReplicationController: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Deployment: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  Job: ['spec', 'template'],
};

/** Hash of the template that a pod was made from, as an annotation of the template. */
export const templateAnnotation = 'io.braid.template';

/** What pods an object makes (a Pod makes itself); undefined for what makes none. */
function podTemplateOf(object: KubeObject): JsonObject | undefined {
  const path = paths[object.kind];
  const template = path === undefined ? undefined : at(object, ...path);
  return isJsonObject(template) ? template : undefined;
}

export function withPodTemplate(
  object: KubeObject,
  change: (template: JsonObject) => JsonObject,
): KubeObject {
  const template = podTemplateOf(object);
  const path = paths[object.kind];
  if (template === undefined || path === undefined) return object;
  const changed = path.length === 0 ? change(template) : withValue(object, path, change(template));
  return { ...object, ...changed };
}

/** The environment in every container: a variable of the same name is replaced, null removes it. */
export function withEnvironment(object: KubeObject, env: JsonObject): KubeObject {
  if (Object.keys(env).length === 0) return object;
  return withPodTemplate(object, (template) => {
    let changed = template;
    for (const kind of ['initContainers', 'containers']) {
      const containers = list(template, 'spec', kind);
      if (containers.length > 0)
        changed = withValue(
          changed,
          ['spec', kind],
          containers.map((container) => mergeEnvironment(container, env)),
        );
    }
    return changed;
  });
}

/** Marks the template with its own hash, so that pods of an older one are told from its own. */
export function withTemplateHash(object: KubeObject): KubeObject {
  if (object.kind === 'Pod') return object;
  return withPodTemplate(object, (template) =>
    withValue(template, ['metadata', 'annotations', templateAnnotation], hashOf(template)),
  );
}

/** What the pods of an object carry when they are of its present template. */
export function templateHashOf(object: KubeObject): string | undefined {
  return text(podTemplateOf(object), 'metadata', 'annotations', templateAnnotation);
}

function hashOf(value: Json): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 16);
}

function mergeEnvironment(container: JsonObject, env: JsonObject): JsonObject {
  const own = list(container, 'env').filter(
    (variable) => typeof variable.name !== 'string' || !Object.hasOwn(env, variable.name),
  );
  const added = Object.entries(env)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }));
  return { ...container, env: [...own, ...added] };
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
