import { isJsonObject, type JsonObject } from './json.ts';
import { isValueMap, seal, type SecretPlace, unseal, type ValueMap } from './sealed.ts';

/** What a deployment offers to others. */
export type Offers = {
  readonly outputs: JsonObject;
  readonly capabilities: JsonObject;
  /** Which secrets belong where in `{outputs, capabilities}`: those that it hands to others. Absent: none do. */
  readonly secrets?: readonly SecretPlace[];
};

/** The same with references where secrets belong. */
export type OfferedValues = { readonly outputs: ValueMap; readonly capabilities: ValueMap };

export function offersOfValues(values: OfferedValues): Offers {
  const { data, secrets } = seal(values);
  const mapAt = (key: string): JsonObject => (isJsonObject(data[key]) ? data[key] : {});
  return {
    outputs: mapAt('outputs'),
    capabilities: mapAt('capabilities'),
    ...(secrets.length === 0 ? {} : { secrets }),
  };
}

export function valuesOffered({ outputs, capabilities, secrets = [] }: Offers): OfferedValues {
  const all = unseal({ data: { outputs, capabilities }, secrets });
  const valuesAt = (key: string): ValueMap => {
    const values = all[key];
    return values !== undefined && isValueMap(values) ? values : {};
  };
  return { outputs: valuesAt('outputs'), capabilities: valuesAt('capabilities') };
}

/** As a proxy and a component have them: outputs by their names, and both as Cloudify's Component has them. */
export function inheritedFrom(
  deployment: string,
  { outputs, capabilities }: Partial<OfferedValues>,
): ValueMap {
  return {
    ...outputs,
    ...(capabilities === undefined ? {} : { capabilities }),
    deployment: { id: deployment, outputs: outputs ?? {} },
  };
}
