import type { JsonObject } from './json.ts';
import type { Plan } from './plan.ts';
import type { BeginReply, BeginRequest, ConsumeReply, EndRequest } from './entity.ts';
import type { BlueprintReference, DeploymentRecord } from './record.ts';

/** Activities that the workflows themselves need, beside the operations of plugins. */
export type SystemActivities = {
  /** Compiles a blueprint and keeps it. Fails as BlueprintNotFound or BlueprintInvalid (details: diagnostics). */
  prepareBlueprint(request: {
    readonly path: string;
    readonly inputs: JsonObject;
  }): Promise<PreparedBlueprint>;
  loadPlan(request: { readonly plan: string }): Promise<Plan>;
  /** Fails as DeploymentNotFound, DeploymentBusy, DeploymentExists, DeploymentInUse or CapabilityMissing or ProviderUnavailable. */
  beginExecution(request: {
    readonly deployment: string;
    readonly begin: Omit<BeginRequest, 'replaces'>;
    /** What others must have before a new deployment is made. */
    readonly requires: Requirements;
  }): Promise<BeginReply & { readonly searchAttributes: boolean }>;
  endExecution(request: { readonly deployment: string; readonly end: EndRequest }): Promise<void>;
  readDeployment(request: { readonly deployment: string }): Promise<DeploymentRecord>;
  /** Registers the consumer, waits while the deployment is being installed, and reads it. */
  consumeDeployment(request: {
    readonly deployment: string;
    readonly consumer: string;
  }): Promise<ConsumeReply>;
  releaseDeployment(request: { readonly deployment: string; readonly consumer: string }): Promise<void>;
  /** Waits until that workflow is closed; true when it completed. */
  awaitExecution(request: { readonly execution: string }): Promise<boolean>;
};

export type Requirements = {
  /** Other deployments, and outputs of theirs. */
  readonly deployments: readonly { readonly deployment: string; readonly outputs: readonly string[] }[];
  /** Somewhere to make machines on. */
  readonly machines: boolean;
};

export type PreparedBlueprint = {
  readonly blueprint: BlueprintReference;
  readonly plan: Plan;
  readonly planReference: string;
};
