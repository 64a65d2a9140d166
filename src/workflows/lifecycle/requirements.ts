import { isJsonObject, type JsonObject } from '../../contracts/json.ts';
import type { Requirement } from '../../contracts/activities.ts';
import type { Plan } from '../../contracts/plan.ts';

/**
 * What a new deployment needs of others before anything of it is made: that of its proxies which wait for
 * nothing. Others may stand for what this very install makes.
 */
export function requirementsOf({ nodes }: Plan): readonly Requirement[] {
  return Object.values(nodes)
    .filter(({ typeHierarchy, relationships }) => typeHierarchy.includes(proxy) && relationships.length === 0)
    .flatMap(({ properties }) => {
      const deployment = deploymentOf(properties);
      return deployment === undefined
        ? []
        : [{ deployment, outputs: textsIn(properties['inherit_outputs']) }];
    });
}

const proxy = 'cloudify.nodes.DeploymentProxy';

/** Undefined also when it is known only at run time. */
function deploymentOf({ deployment_id: id, resource_config: resource }: JsonObject): string | undefined {
  const { deployment } = isJsonObject(resource) ? resource : {};
  const { id: alternative } = isJsonObject(deployment) ? deployment : {};
  return [id, alternative].flatMap((each) => (typeof each === 'string' && each !== '' ? [each] : []))[0];
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
