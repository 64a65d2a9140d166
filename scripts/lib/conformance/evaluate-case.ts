import { isJsonObject, type Json, type JsonObject } from '../../../src/contracts/json.ts';
import {
  evaluate,
  EvaluationError,
  resolveSecrets,
  type RuntimeScope,
} from '../../../src/language/functions/index.ts';
import { type Case, mistake, type Outcome, type Step } from './case.ts';
import { valueAt } from './checks.ts';
import { checkArguments } from './payload-arguments.ts';
import { planCase } from './plan-case.ts';
import { PeerError, scopeOf } from './storage.ts';

/** Evaluates the functions in the payload of a case against what it says is stored. */
export async function evaluateCase(one: Case): Promise<Outcome> {
  const plan =
    one.yaml === undefined ? null : await planCase(one, one.from_phase === 'parse' ? 'parse' : 'plan');
  if (plan !== null && plan.kind === 'error') return plan;
  const inserted = (value: Json | undefined) => insertResult(value ?? null, plan?.value ?? null);
  const payload = inserted(one.payload);
  const storage = Object(inserted(one.storage));
  const wrong = checkArguments(payload);
  if (wrong !== null) return wrong;
  try {
    return { kind: 'ok', value: await evaluatePayload(one, payload, storage) };
  } catch (error) {
    if (error instanceof PeerError) return mistake(error.exception, error.message);
    if (error instanceof EvaluationError) return mistake('FunctionEvaluationError', error.message);
    throw error;
  }
}

/** `{$result: path}` stands for a part of the plan. */
function insertResult(value: Json, plan: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => insertResult(item, plan));
  if (!isJsonObject(value)) return value;
  const path = value['$result'];
  if (Array.isArray(path)) return valueAt(plan, path.filter(isStep)) ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, insertResult(item, plan)]));
}

function isStep(step: Json | Step): step is Step {
  return step !== null && typeof step !== 'boolean';
}

async function evaluatePayload(one: Case, payload: Json, storage: JsonObject): Promise<Json> {
  const context = one.context ?? {};
  switch (one.function) {
    case 'evaluate_outputs':
      return eachValue(payload, (value) => full(value, scopeOf(storage, context, true), storage));
    case 'evaluate_capabilities':
      return eachValue(payload, (value) => full(value, scopeOf(storage, context), storage));
    case 'evaluate_node_functions': {
      const node = Object(payload);
      const scope = scopeOf(withNode(storage, node), { ...context, self: node.id });
      return { ...node, properties: await full(node.properties, scope, storage) };
    }
    case 'evaluate_node_instance_functions': {
      const instance = Object(payload);
      const scope = scopeOf(storage, { ...context, self: instance.id });
      return {
        ...instance,
        runtime_properties: await full(instance.runtime_properties ?? {}, scope, storage),
      };
    }
    default:
      return full(payload, scopeOf(storage, context), storage);
  }
}

/** The node whose functions are evaluated is known even where the storage does not tell it. */
function withNode(storage: JsonObject, node: JsonObject): JsonObject {
  const nodes = storage['nodes'];
  return { ...storage, nodes: Array.isArray(nodes) && nodes.length > 0 ? nodes : [node] };
}

async function full(value: Json, scope: RuntimeScope, storage: JsonObject): Promise<Json> {
  return resolveSecrets(evaluate(value, scope), async (name) => secret(name, storage));
}

function secret(name: string, { secrets }: JsonObject): string {
  const found = isJsonObject(secrets ?? null) ? Object(secrets)[name] : `${name}_value`;
  if (found === undefined) throw new PeerError('UnknownSecretError', `There is no secret ${name}.`);
  return typeof found === 'string' ? found : JSON.stringify(found);
}

async function eachValue(payload: Json, change: (value: Json) => Promise<Json>): Promise<JsonObject> {
  const values: [string, Json][] = [];
  for (const [name, one] of Object.entries(isJsonObject(payload) ? payload : {})) {
    values.push([name, await change(valueAt(one, ['value']) ?? null)]);
  }
  return Object.fromEntries(values);
}
