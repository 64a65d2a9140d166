import { failure } from '../../../contracts/failure.ts';
import { isJsonObject, type Json } from '../../../contracts/json.ts';
import type { InstanceView, OperationContext } from '../../../contracts/operation.ts';
import type { BlueprintStore } from '../../../store/blueprints.ts';
import { at, isKubeObject, type KubeObject, list } from '../objects.ts';
import { type Owner, withOwner } from '../ownership.ts';
import { withEnvironment, withTemplateHash } from './pod-template.ts';
import { readSources } from './sources.ts';

/** What of an instance shall be in the cluster, labelled as its own. */
export async function desiredManifests(
  context: OperationContext,
  self: InstanceView,
  owner: Owner,
  blueprints: BlueprintStore,
): Promise<readonly KubeObject[]> {
  const documents = await readSources(context, self, blueprints);
  return documents.flatMap(members).map((document) => complete(document, self, owner));
}

function complete(document: Json, self: InstanceView, owner: Owner): KubeObject {
  const env = at(self.properties, 'env');
  const object = withEnvironment(named(document, self), isJsonObject(env) ? env : {});
  return withTemplateHash(withOwner(object, owner));
}

/** A document that leaves its name out gets the node's property `name`. */
function named(document: Json, self: InstanceView): KubeObject {
  const name = at(document, 'metadata', 'name') ?? at(self.properties, 'name') ?? self.node;
  const metadata = at(document, 'metadata');
  const object = isJsonObject(document)
    ? { apiVersion: 'v1', ...document, metadata: { ...(isJsonObject(metadata) ? metadata : {}), name } }
    : document;
  if (isKubeObject(object) && object.kind !== '') return object;
  throw failure(
    'OperationInputInvalid',
    `A manifest of ${self.node} is no Kubernetes object: it needs a kind and a name.`,
  );
}

function members(document: Json): readonly Json[] {
  return at(document, 'kind') === 'List' ? list(document, 'items') : [document];
}
