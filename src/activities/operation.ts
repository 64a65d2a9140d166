import type { KubeconfigRight } from '../connection/settings.ts';
import type { Json } from '../contracts/json.ts';
import type { OperationContext, OperationResult } from '../contracts/operation.ts';
import type { BlueprintStore } from '../store/blueprints.ts';
import type { SecretStore } from '../store/secrets.ts';
import type { MachineProviders } from './machines/provider.ts';
import type { SshPool } from './ssh/pool.ts';

/** What an operation works with. Made once by the worker, but for `attempt`, `signal`, `heartbeat`, `log` and `redact`. */
export type Tools = {
  readonly secrets: SecretStore;
  readonly blueprints: BlueprintStore;
  readonly ssh: SshPool;
  readonly machines: MachineProviders;
  /**
   * Takes every secret that the operation knows out of a text. What leaves the operation is redacted anyway; this is
   * for what is cut before.
   */
  readonly redact: (text: string) => string;
  /** The name of this installation of Braid, which the objects that it makes carry. */
  readonly installation: string;
  /** What the operator allows kubeconfigs to have the worker do. */
  readonly kubeconfigRights: ReadonlySet<KubeconfigRight>;
  /** 1 for the first, more when the operation is tried again. */
  readonly attempt: number;
  /** Aborted when the activity is cancelled or the worker shuts down. Pass it to every wait. */
  readonly signal: AbortSignal;
  /** Tells what is being waited for; shown in the Web UI. Liveness is told without it. */
  readonly heartbeat: (details: Json) => void;
  readonly log: (message: string) => void;
};

/** Observe, ensure, sync, return: may run twice, at any point, on any worker. */
export type Operation = (context: OperationContext, tools: Tools) => Promise<OperationResult>;

/** What a plugin offers: its operations by implementation name. */
export type OperationTable = Readonly<Record<string, Operation>>;
