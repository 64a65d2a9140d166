import type { JsonObject } from './json.ts';
import type { Offers } from './offers.ts';
import type { SecretPlace } from './sealed.ts';

/** States of a node instance, in the order in which install passes them and uninstall after it. */
export const instanceStates = [
  'uninitialized',
  'initializing',
  'creating',
  'created',
  'configuring',
  'configured',
  'starting',
  'started',
  'stopping',
  'stopped',
  'deleting',
  'deleted',
] as const;
export type InstanceState = (typeof instanceStates)[number];

export type InstanceRecord = {
  readonly id: string;
  readonly node: string;
  readonly index: number;
  /** The instance that it is contained in. */
  readonly containedIn: string | null;
  /** The instances of scaling groups that it is directly in, the innermost first. Absent: in none. */
  readonly scalingGroups?: readonly { readonly name: string; readonly id: string }[];
  /** The nearest Compute up the contained_in chain, itself included. */
  readonly host: string | null;
  /** By position in the node's relationships; one entry for each target instance. */
  readonly relationships: readonly { readonly position: number; readonly target: string }[];
  readonly state: InstanceState;
  /** Data, evaluated by nobody. */
  readonly runtimeProperties: JsonObject;
  /** Which secrets belong where in the runtime properties. Absent: none do. */
  readonly secrets?: readonly SecretPlace[];
  /** The runtime properties that Braid's own operations keep, which no script may set. Absent: none. */
  readonly kept?: readonly string[];
  /** A heal repairs it, or did and ended before all that uses it was linked to it anew. Absent: not so. */
  readonly repaired?: true;
};

export type ExecutionKind = 'install' | 'uninstall' | 'heal' | 'prove';

export type Holder = {
  /** Workflow id and run id of the execution that works on the deployment. */
  readonly execution: string;
  readonly runId: string;
  readonly kind: ExecutionKind;
  readonly since: string;
};

export type ExecutionSummary = {
  readonly execution: string;
  readonly kind: ExecutionKind;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled' | 'abandoned';
  readonly error: string | null;
};

export type DeploymentPhase =
  | 'installing'
  | 'installed'
  | 'healing'
  | 'proving'
  | 'uninstalling'
  | 'incomplete'
  | 'uninstalled';

/** All that is known of a deployment: what its entity workflow keeps and answers. */
export type DeploymentRecord = Offers & {
  readonly deployment: string;
  readonly phase: DeploymentPhase;
  readonly blueprint: BlueprintReference;
  readonly inputs: JsonObject;
  /** Content hash of the plan in the value store. */
  readonly plan: string;
  readonly instances: { readonly [id: string]: InstanceRecord };
  /** The deployment that this one is a component of. */
  readonly parent: string | null;
  /** Names of the deployments that use this one. */
  readonly consumers: readonly string[];
  readonly holder: Holder | null;
  /** Grows with each new holder; what an earlier one still sends is ignored. */
  readonly fence: number;
  /** Progress signals taken from the present holder. */
  readonly taken: number;
  /** The latest ones, newest last. */
  readonly executions: readonly ExecutionSummary[];
};

export type BlueprintReference = {
  /** `sha256:…` of the stored folder. */
  readonly reference: string;
  /** The main file inside of it. */
  readonly main: string;
  /** As the user named it. */
  readonly path: string;
};
