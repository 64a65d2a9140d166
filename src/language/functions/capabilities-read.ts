import { isJsonObject, type Json } from '../../contracts/json.ts';
import { asCall } from './names.ts';

/** `deployment` and the steps of `path` may themselves be functions, to be evaluated first. */
export type CapabilityRead = { readonly deployment: Json; readonly path: readonly Json[] };

/** Which capabilities of which deployments a value reads, so that they can be loaded beforehand. */
export function capabilitiesRead(value: Json): readonly CapabilityRead[] {
  if (Array.isArray(value)) return value.flatMap(capabilitiesRead);
  if (!isJsonObject(value)) return [];
  const inside = Object.values(value).flatMap(capabilitiesRead);
  const call = asCall(value);
  if (call?.name !== 'get_capability' || !Array.isArray(call.argument)) return inside;
  const [deployment, ...path] = call.argument;
  return deployment === undefined ? inside : [...inside, { deployment, path }];
}
