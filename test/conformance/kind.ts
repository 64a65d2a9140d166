import type { ErrorCode } from '../../src/contracts/error-codes.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { InstanceView } from '../../src/contracts/operation.ts';
import type { Services } from '../../src/activities/run-operation.ts';
import type { SocketProxy } from '../support/socket-proxy.ts';
import type { Instance } from './instance.ts';

/**
 * A kind of resource as the suite drives it on its real system. What is a function here is called while the
 * tests run, when the system is there.
 */
export type Kind = {
  /** As a sentence goes on after «a»: `network`. */
  readonly name: string;
  readonly deployment: string;
  readonly worker: () => ConformanceWorker;
  /** The instance as the engine shows it, without what its operations noted. */
  readonly self: () => InstanceView;
  readonly steps: {
    readonly ensure: readonly Step[];
    readonly heal: readonly Step[];
    readonly remove: readonly Step[] | Inapplicable;
    readonly check: Step | Inapplicable;
  };
  /** The system's own record of it, by which any change shows: version, start time, inode. */
  readonly record: () => Promise<unknown>;
  /** What is declared, as the system has it now. */
  readonly declared: () => Promise<unknown>;
  /** The names of all that is there of it, and of what works on it. Empty: it is gone without a trace. */
  readonly census: () => Promise<readonly string[]>;
  /** Whether a second execution changes nothing, or only a second attempt of the same step, and why. */
  readonly settled: 'in every execution' | { readonly forItsStep: string };
  /** What its steps note, without what is another at each time. Default: all of it. */
  readonly lasting?: (noted: JsonObject) => unknown;
  readonly drifts: readonly Drift[] | Inapplicable;
  readonly foreign: Foreign | Inapplicable;
  readonly killed: Killed | Inapplicable;
  readonly cancelled: Cancelled | Inapplicable;
  readonly faults: Readonly<Record<FaultName, readonly [Fault, ...Fault[]]>>;
};

export type FaultName = 'unreachable' | 'unauthorised' | 'out of space' | 'slow';

/** What the worker has that runs the steps, and by which a process of its own has the same. */
export type ConformanceWorker = {
  readonly services: Services;
  readonly settings: WorkerSettings;
};

export type WorkerSettings = {
  readonly lab: string;
  /** Of blueprints and secrets. */
  readonly folder: string;
  readonly engineSocket: string;
};

/** An operation as a blueprint's type maps it. */
export type Step = {
  readonly operation: string;
  readonly implementation: string;
  readonly inputs?: JsonObject;
};

/** How one run of steps differs from the usual one. */
export type Change = {
  readonly self?: Partial<InstanceView>;
  readonly properties?: JsonObject;
  readonly inputs?: JsonObject;
  readonly deployment?: string;
  readonly adopt?: boolean;
  readonly services?: Services;
  readonly signal?: AbortSignal;
  readonly onHeartbeat?: (details: unknown) => void;
};

/** A case that makes no sense for the kind: why, and what holds instead, which is tested. */
export type Inapplicable = {
  readonly none: string;
  readonly instead: string;
  readonly holds: (instance: Instance) => Promise<void>;
};

/** Something changes a declared property at the system, from outside. */
export type Drift = {
  readonly of: string;
  readonly how: string;
  readonly happen: (instance: Instance) => Promise<void>;
  /** What the check says then. */
  readonly told: RegExp;
};

/** Something of the same name that Braid did not make. */
export type Foreign = {
  readonly make: () => Promise<void>;
  /** The same name out of another deployment; undefined, with the reason, where names cannot meet. */
  readonly elsewhere: Change | { readonly never: string };
  readonly before: Before;
};

/** The same, labelled as by the version before, which did not tell installations apart. */
export type Before = {
  readonly make: (instance: Instance) => Promise<void>;
  /** By which another one in its place shows. */
  readonly identity: () => Promise<unknown>;
  /** Which installation each of its objects tells; empty: none. */
  readonly told: () => Promise<readonly string[]>;
  /** What they tell once it was ensured. */
  readonly kept: readonly string[];
};

/** Where the process of a step is killed: at the answers to its changes. */
export type Killed = {
  /** Commands and calls over SSH, in the process itself; or requests through a proxy. */
  readonly at: 'ssh' | (() => SocketProxy);
  /** The steps that change something; default: those of `ensure`. */
  readonly ensure?: readonly Step[];
  /** How often it took effect, where that can be counted. */
  readonly effects?: () => Promise<number>;
};

/** A wait of the steps that is cancelled. */
export type Cancelled = {
  readonly during: string;
  readonly change?: Change;
  readonly before?: () => Promise<void>;
  /** Resolves when they wait. */
  readonly waits: () => Promise<void>;
  readonly after?: () => Promise<void>;
  /** What of the census stays, and is told to stay. */
  readonly leaves: () => readonly string[];
};

export type Fault = {
  readonly what: string;
  /** What it happens to: default an instance that is not there. */
  readonly to?: 'one that is there';
  readonly strike: () => Promise<void>;
  readonly mend: () => Promise<void>;
  readonly told: Told | { readonly bears: string };
  /** Another way to run the steps than by the kind's worker; once more when it is mended. */
  readonly run?: (instance: Instance) => Promise<unknown>;
  /** Steps of a worker that waits less long. */
  readonly hasty?: () => Services;
};

export type Told = {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly message: RegExp;
  /** Within so many seconds. */
  readonly within: number;
};
