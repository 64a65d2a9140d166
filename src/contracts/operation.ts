import type { Json, JsonObject } from './json.ts';
import type { Sealed, ValueMap } from './sealed.ts';

/** What is told of a step, beside its inputs and whom it is about. */
type Step = {
  readonly deployment: string;
  /** The id of the execution's workflow. */
  readonly execution: string;
  /** Where files of the blueprint are read from: a reference into the blueprint store. */
  readonly blueprint: string;
  /** Full name, `cloudify.interfaces.lifecycle.create`. */
  readonly operation: string;
  readonly implementation: string;
  /** The same for every attempt of this step of this execution; another for any other step. */
  readonly idempotencyKey: string;
  /** Whether a foreign object of the same name may be taken as ours. */
  readonly adopt: boolean;
};

/** A step with its functions evaluated, but for secrets: as the workflow has it. */
export type EvaluatedStep = Step & { readonly inputs: ValueMap; readonly subject: Subject<ValueMap> };

/** The same as the activity of an operation is told it: no secret is ever in here. */
export type OperationOrder = Step & { readonly inputs: Sealed<JsonObject>; readonly subject: Sealed };

/** The same as the operation itself has it: with the secrets, which must not leave it. */
export type OperationContext = Step & {
  readonly inputs: JsonObject;
  readonly subject: Subject;
  /** The subject with references where secrets belong: for what is handed on. */
  readonly referenced: Subject<ValueMap>;
};

export type Subject<Properties = JsonObject> = NodeSubject<Properties> | RelationshipSubject<Properties>;
export type NodeSubject<Properties = JsonObject> = {
  readonly kind: 'node';
  readonly self: InstanceView<Properties>;
};
export type RelationshipSubject<Properties = JsonObject> = {
  readonly kind: 'relationship';
  /** On whose side the operation was declared; a script runs on that side's host. */
  readonly side: 'source' | 'target';
  readonly relationship: {
    readonly type: string;
    readonly typeHierarchy: readonly string[];
    readonly properties: Properties;
  };
  readonly source: InstanceView<Properties>;
  readonly target: InstanceView<Properties>;
};

export type InstanceView<Properties = JsonObject> = {
  /** `quagga_x7k2pd` */
  readonly id: string;
  readonly node: string;
  readonly index: number;
  readonly typeHierarchy: readonly string[];
  readonly properties: Properties;
  readonly runtimeProperties: Properties;
  /** The machine that it is on: the nearest Compute up its contained_in chain, itself included. */
  readonly host: HostView<Properties> | null;
  /** What it has relationships to, in the order of the blueprint. */
  readonly targets: readonly TargetView<Properties>[];
};

export type HostView<Properties = JsonObject> = {
  readonly id: string;
  readonly properties: Properties;
  readonly runtimeProperties: Properties;
};

export type TargetView<Properties = JsonObject> = {
  readonly relationshipType: string;
  readonly relationshipTypeHierarchy: readonly string[];
  readonly relationshipProperties: Properties;
  readonly id: string;
  readonly node: string;
  readonly typeHierarchy: readonly string[];
  readonly properties: Properties;
  readonly runtimeProperties: Properties;
};

/** Changes of runtime properties by key: a value sets the key, null removes it. */
export type RuntimePatch = ValueMap;

/** What an operation returns. */
export type OperationResult = {
  /** For an operation of a node. */
  readonly runtimeProperties?: RuntimePatch;
  /** For an operation of a relationship. */
  readonly sourceRuntimeProperties?: RuntimePatch;
  readonly targetRuntimeProperties?: RuntimePatch;
  /** What the operation returns to its caller: the health of a check, the evidence of a hop. */
  readonly result?: Json;
};

/** The same as its activity tells it: no secret is ever in here. */
export type OperationReport = {
  readonly runtimeProperties?: Sealed<JsonObject>;
  readonly sourceRuntimeProperties?: Sealed<JsonObject>;
  readonly targetRuntimeProperties?: Sealed<JsonObject>;
  readonly result?: Json;
};

/** What a `validation.check_status` operation returns as its result. It never changes anything. */
export type Health =
  | { readonly healthy: true; readonly facts?: JsonObject }
  | { readonly healthy: false; readonly reason: string; readonly facts?: JsonObject };

/**
 * What a `lifecycle.heal` operation may return as its result. `repaired: false`: the platform was mending it by
 * itself, and only had to be waited for. An operation without a result counts as a repair.
 */
export type Healed = { readonly repaired: boolean };

/** What a `hop.observe` operation returns: proof that a function carried traffic, by its own counters. */
export type HopEvidence = {
  /** `router`, `load balancer` */
  readonly role: string;
  /** Where it runs: machine and addresses as observed. */
  readonly at: string;
  readonly addresses: readonly string[];
  /** Monotonic counters by name, such as `forwarded packets` or `requests`. */
  readonly counters: { readonly [name: string]: number };
};

/** What a `traffic.verify` operation returns as its result. */
export type TrafficEvidence = {
  readonly url: string;
  readonly from: string;
  readonly expected: string;
  readonly answers: readonly TrafficAnswer[];
};
export type TrafficAnswer =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly milliseconds: number }
  | { readonly ok: false; readonly reason: string; readonly milliseconds: number };
