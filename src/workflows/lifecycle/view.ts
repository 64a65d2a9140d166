import type { HostView, InstanceView, TargetView } from '../../contracts/operation.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { isValueMap, type ValueMap } from '../../contracts/sealed.ts';
import { runtimePropertiesOf } from './attributes.ts';
import { evaluated } from './consumed.ts';
import type { Viewpoint } from './scope.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';

/** A node instance as its operations see it: everything evaluated but secrets. */
export async function viewOf(run: Run, id: string): Promise<InstanceView<ValueMap>> {
  const instance = instanceOf(run, id);
  const node = nodeOf(run, id);
  return {
    id,
    node: node.name,
    index: instance.index,
    typeHierarchy: node.typeHierarchy,
    properties: await propertiesOf(run, id),
    runtimeProperties: runtimePropertiesOf(instance),
    host: instance.host === null ? null : await hostView(run, instance.host),
    targets: await Promise.all(
      instance.relationships.map(({ position, target }) => targetView(run, id, position, target)),
    ),
  };
}

async function hostView(run: Run, id: string): Promise<HostView<ValueMap>> {
  return {
    id,
    properties: await propertiesOf(run, id),
    runtimeProperties: runtimePropertiesOf(instanceOf(run, id)),
  };
}

async function targetView(
  run: Run,
  source: string,
  position: number,
  target: string,
): Promise<TargetView<ValueMap>> {
  const relationship = nodeOf(run, source).relationships[position];
  const node = nodeOf(run, target);
  return {
    relationshipType: relationship?.type ?? '',
    relationshipTypeHierarchy: relationship?.typeHierarchy ?? [],
    relationshipProperties: await evaluatedMap(run, { source, target }, relationship?.properties ?? {}),
    id: target,
    node: node.name,
    typeHierarchy: node.typeHierarchy,
    properties: await propertiesOf(run, target),
    runtimeProperties: runtimePropertiesOf(instanceOf(run, target)),
  };
}

/** A node's properties as they are now: those that read attributes are evaluated on each read. */
function propertiesOf(run: Run, id: string): Promise<ValueMap> {
  return evaluatedMap(run, { self: id }, nodeOf(run, id).properties);
}

/** Throws EvaluationError. */
export async function evaluatedMap(run: Run, viewpoint: Viewpoint, text: JsonObject): Promise<ValueMap> {
  const live = await evaluated(run, viewpoint, text);
  return isValueMap(live) ? live : {};
}
