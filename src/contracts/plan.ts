import type { Json, JsonObject } from './json.ts';

/**
 * A blueprint with everything resolved that can be before it runs: types merged, inputs bound, static
 * functions evaluated. What can only be known at run time (`get_attribute`, `get_secret`,
 * `get_capability` and what holds them) is still there as the function's own JSON.
 */
export type Plan = {
  readonly description: string | null;
  readonly inputs: JsonObject;
  readonly nodes: Readonly<Record<string, PlanNode>>;
  /** Groups of nodes that are scaled together. */
  readonly scalingGroups: Readonly<Record<string, PlanScalingGroup>>;
  readonly outputs: Readonly<Record<string, PlanValue>>;
  readonly capabilities: Readonly<Record<string, PlanValue>>;
};

export type PlanValue = { readonly description: string | null; readonly value: Json };

export type PlanNode = {
  readonly name: string;
  readonly type: string;
  /** From the root type to `type` itself. */
  readonly typeHierarchy: readonly string[];
  readonly properties: JsonObject;
  /** By full name, `cloudify.interfaces.lifecycle.create`. Only operations that have an implementation. */
  readonly operations: Readonly<Record<string, PlanOperation>>;
  /** In the order of the blueprint. */
  readonly relationships: readonly PlanRelationship[];
  readonly instances: { readonly default: number; readonly min: number; readonly max: number | null };
};

export type PlanScalingGroup = {
  /** Nodes and other scaling groups. What a member contains is in the group without being named. */
  readonly members: readonly string[];
  readonly instances: PlanNode['instances'];
};

export type PlanRelationship = {
  readonly type: string;
  readonly typeHierarchy: readonly string[];
  readonly target: string;
  readonly properties: JsonObject;
  readonly sourceOperations: Readonly<Record<string, PlanOperation>>;
  readonly targetOperations: Readonly<Record<string, PlanOperation>>;
};

export type PlanOperation = {
  /** As a plugin offers it: `kubernetes.manifest.apply`; a script file of the blueprint is `scripts.run`. */
  readonly implementation: string;
  readonly inputs: JsonObject;
  /** -1: without limit. null: the engine's default. */
  readonly maxRetries: number | null;
  /** Seconds. null: the engine's default, with backoff. */
  readonly retryInterval: number | null;
  /** Seconds that one attempt may take. null: the engine's default. */
  readonly timeout: number | null;
};
