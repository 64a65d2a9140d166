import type { JsonObject } from './json.ts';
import type { Offers } from './offers.ts';
import type { Sealed } from './sealed.ts';
import type {
  BlueprintReference,
  DeploymentRecord,
  ExecutionKind,
  InstanceRecord,
  InstanceState,
} from './record.ts';

/** Messages of the `deployment` entity workflow. */
export function entityId(deployment: string): string {
  return `deployment:${deployment}`;
}

export const entityMessages = {
  begin: 'begin',
  end: 'end',
  progress: 'progress',
  consume: 'consume',
  release: 'release',
  record: 'record',
} as const;

export type EntityInput = {
  readonly deployment: string;
  /** Whether the server knows Braid's search attributes; setting unknown ones would stall a workflow. */
  readonly searchAttributes: boolean;
  /** After continue-as-new. */
  readonly record?: DeploymentRecord;
};

export type BeginRequest = {
  readonly execution: string;
  readonly runId: string;
  readonly kind: ExecutionKind;
  /** The holder that was found closed, and may be replaced. */
  readonly replaces: string | null;
  /** For install alone: what the deployment is to be. */
  readonly install: {
    readonly blueprint: BlueprintReference;
    readonly inputs: JsonObject;
    readonly plan: string;
    readonly instances: readonly InstanceRecord[];
    readonly parent: string | null;
  } | null;
  /** For uninstall alone. */
  readonly uninstall: { readonly force: boolean; readonly parent: string | null } | null;
};
export type BeginReply = { readonly fence: number; readonly record: DeploymentRecord };

export type Progress = { readonly fence: number; readonly changes: readonly InstanceChange[] };
export type InstanceChange = {
  readonly id: string;
  readonly state?: InstanceState;
  /** By key: a value sets the key, null removes it. */
  readonly runtimeProperties?: Sealed<JsonObject>;
  /** Whether Braid's own operations keep what is patched. */
  readonly keeps?: boolean;
  /** True: as if it had never been. */
  readonly reset?: boolean;
  /** Whether what uses it is still to be linked to it anew. */
  readonly repaired?: boolean;
};

export type EndRequest = {
  readonly fence: number;
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly error: string | null;
  /** How many progress signals the execution sent: the end waits until they are all taken. */
  readonly sent: number;
  /** All changes of the execution that were not sent before. */
  readonly changes: readonly InstanceChange[];
  /** Null: as they were. */
  readonly offers: Offers | null;
  /** The deployment is no more; the entity completes. */
  readonly gone: boolean;
};

export type ConsumeRequest = { readonly consumer: string };
export type ConsumeReply = Offers & { readonly phase: DeploymentRecord['phase'] };
