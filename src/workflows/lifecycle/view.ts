import type { HostView, InstanceView, TargetView } from '../../contracts/operation.ts';
import type { JsonObject } from '../../contracts/json.ts';
import { isJsonObject } from '../../contracts/json.ts';
import { evaluated } from './consumed.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';

/** A node instance as its operations see it: everything evaluated but secrets. */
export async function viewOf(run: Run, id: string): Promise<InstanceView> {
  const instance = instanceOf(run, id);
  const node = nodeOf(run, id);
  return {
    id,
    node: node.name,
    index: instance.index,
    typeHierarchy: node.typeHierarchy,
    properties: await propertiesOf(run, id),
    runtimeProperties: instance.runtimeProperties,
    host: instance.host === null ? null : await hostView(run, instance.host),
    targets: await Promise.all(
      instance.relationships.map(({ position, target }) => targetView(run, id, position, target)),
    ),
  };
}

async function hostView(run: Run, id: string): Promise<HostView> {
  return {
    id,
    properties: await propertiesOf(run, id),
    runtimeProperties: instanceOf(run, id).runtimeProperties,
  };
}

async function targetView(run: Run, source: string, position: number, target: string): Promise<TargetView> {
  const relationship = nodeOf(run, source).relationships[position];
  const node = nodeOf(run, target);
  return {
    relationshipType: relationship?.type ?? '',
    relationshipTypeHierarchy: relationship?.typeHierarchy ?? [],
    relationshipProperties: relationship?.properties ?? {},
    id: target,
    node: node.name,
    typeHierarchy: node.typeHierarchy,
    properties: await propertiesOf(run, target),
    runtimeProperties: instanceOf(run, target).runtimeProperties,
  };
}

/** A node's properties as they are now: those that read attributes are evaluated on each read. */
async function propertiesOf(run: Run, id: string): Promise<JsonObject> {
  const { properties } = nodeOf(run, id);
  const live = await evaluated(run, { self: id }, properties);
  return isJsonObject(live) ? live : {};
}
