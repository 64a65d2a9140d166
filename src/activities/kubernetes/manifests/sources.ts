import { failure } from '../../../contracts/failure.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../contracts/json.ts';
import type { InstanceView, OperationContext } from '../../../contracts/operation.ts';
import type { BlueprintStore } from '../../../store/blueprints.ts';
import { at, list, text } from '../objects.ts';
import { readDocuments } from './files.ts';
import { generateManifests } from './generated.ts';
import { applyOverrides } from './overrides.ts';
import { substitutionFor } from './substitution.ts';
import { readTemplate } from './template-variables.ts';

/** The documents that an instance's properties give, wherever they are: in it, in files, or by an image. */
export async function readSources(
  context: OperationContext,
  self: InstanceView,
  blueprints: BlueprintStore,
): Promise<readonly Json[]> {
  const { properties } = self;
  const files = list(properties, 'config_files');
  const templates = [...list(properties, 'files'), ...(isFilled(properties.file) ? [properties.file] : [])];
  if (isFilled(properties.definition)) return [withKind(properties.definition, self)];
  if (templates.length > 0)
    return (await Promise.all(templates.map((entry) => readTemplateFile(entry, context, blueprints)))).flat();
  if (isFilled(properties.config)) return [properties.config];
  if (files.length > 0)
    return (await Promise.all(files.map((entry) => readConfigFile(entry, context, self, blueprints)))).flat();
  if (text(properties, 'image') !== undefined && properties.image !== '')
    return generateManifests(properties);
  throw failure(
    'OperationInputInvalid',
    `The node ${self.node} says nothing to apply: give it a definition, a file, config_files, config, or an image.`,
  );
}

async function readConfigFile(
  entry: JsonObject,
  context: OperationContext,
  self: InstanceView,
  blueprints: BlueprintStore,
): Promise<readonly Json[]> {
  const file = text(entry, 'file');
  if (file === undefined)
    throw failure('OperationInputInvalid', `An entry of config_files of ${self.node} names no file.`);
  const documents = readDocuments(String(await blueprints.read(context.blueprint, file)), file);
  const written = at(entry, 'overrides') ?? [];
  const overrides = Array.isArray(written) ? (written as readonly Json[]) : [written];
  if (!overrides.every((override) => typeof override === 'string'))
    throw failure(
      'OperationInputInvalid',
      `The overrides of ${file} must be texts such as ['spec']['replicas']=3.`,
    );
  return applyOverrides(documents, overrides, substitutionFor(self, context.deployment));
}

async function readTemplateFile(
  entry: JsonObject,
  context: OperationContext,
  blueprints: BlueprintStore,
): Promise<readonly Json[]> {
  const file = text(entry, 'resource_path');
  if (file === undefined) throw failure('OperationInputInvalid', 'A file to apply has no resource_path.');
  const content = String(await blueprints.read(context.blueprint, file));
  const variables = at(entry, 'template_variables');
  return readTemplate(content, isJsonObject(variables) ? variables : {}, file);
}

const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  ReplicaSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  StatefulSet: 'apps/v1',
  StorageClass: 'storage.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1',
};
const typeOfKind = /^cloudify\.(?:nodes\.)?kubernetes\.resources\.(?!ResourceBase$|.*DefinedResource)(\w+)$/u;

/** A type such as `cloudify.kubernetes.resources.Deployment` says the kind that its definition leaves out. */
function withKind(definition: JsonObject, self: InstanceView): JsonObject {
  const named = self.typeHierarchy
    .map((type) => typeOfKind.exec(type)?.[1])
    .findLast((kind) => kind !== undefined);
  const kind = text(definition, 'kind') ?? named ?? '';
  return { ...definition, kind, apiVersion: text(definition, 'apiVersion') ?? groups[kind] ?? 'v1' };
}

function isFilled(value: Json | undefined): value is JsonObject {
  return isJsonObject(value) && Object.keys(value).length > 0;
}
