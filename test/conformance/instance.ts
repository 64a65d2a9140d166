import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { resourceActivities } from '../../src/activities/resources.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import type {
  Health,
  OperationOrder,
  OperationReport,
  OperationResult,
  RuntimePatch,
} from '../../src/contracts/operation.ts';
import { asWritten } from '../../src/contracts/sealed.ts';
import { orderOf, written } from '../support/references.ts';
import type { Change, Kind, Step } from './kind.ts';

/** An instance of a kind, whose steps are run as the worker runs them, and which keeps what they note. */
export type Instance = {
  readonly kind: Kind;
  /** What the steps noted, all in all. */
  readonly noted: () => JsonObject;
  ensure(change?: Change): Promise<JsonObject>;
  heal(change?: Change): Promise<JsonObject>;
  remove(change?: Change): Promise<JsonObject>;
  run(steps: readonly Step[], change?: Change): Promise<JsonObject>;
  /** Undefined for a kind that has none. */
  check(change?: Change): Promise<Health | undefined>;
  /** From now on the steps are those of another execution. */
  again(): void;
  contextOf(step: Step, change?: Change): OperationOrder;
};

export function instanceOf(kind: Kind): Instance {
  let noted: JsonObject = {};
  let execution = 1;
  const contextOf = (step: Step, change: Change = {}): OperationOrder => {
    const self = { ...kind.self(), ...change.self };
    return orderOf({
      deployment: change.deployment ?? kind.deployment,
      execution: `install:${kind.deployment}:${execution}`,
      blueprint: `sha256:${'0'.repeat(64)}`,
      operation: step.operation,
      implementation: step.implementation,
      idempotencyKey: `${execution} ${step.operation}`,
      adopt: change.adopt ?? false,
      inputs: { ...step.inputs, ...change.inputs },
      subject: {
        kind: 'node',
        self: {
          ...self,
          properties: { ...self.properties, ...change.properties },
          runtimeProperties: { ...self.runtimeProperties, ...noted },
        },
      },
    });
  };
  const run = async (steps: readonly Step[], change?: Change): Promise<JsonObject> => {
    for (const step of steps) {
      const { runtimeProperties } = await runStep(kind, contextOf(step, change), change);
      noted = patched(noted, runtimeProperties);
    }
    return noted;
  };
  return {
    kind,
    noted: () => noted,
    ensure: (change) => run(kind.steps.ensure, change),
    heal: (change) => run(kind.steps.heal, change),
    remove: (change) => run('none' in kind.steps.remove ? [] : kind.steps.remove, change),
    run,
    check: async (change) => {
      if ('none' in kind.steps.check) return undefined;
      const { result } = await runStep(kind, contextOf(kind.steps.check, change), change);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what a check returns
      return result as Health;
    },
    again: () => {
      execution += 1;
    },
    contextOf,
  };
}

const quiet = new DefaultLogger('ERROR');

/** In a Temporal activity's context, so that secrets, cancellation and errors go their real way. */
async function runStep(
  kind: Kind,
  order: OperationOrder,
  { services, signal, onHeartbeat }: Change = {},
): Promise<OperationResult> {
  const activity = resourceActivities(services ?? kind.worker().services)[order.implementation];
  if (activity === undefined) throw new Error(`There is no operation ${order.implementation}.`);
  const environment = new MockActivityEnvironment({}, { logger: quiet });
  if (onHeartbeat !== undefined) environment.on('heartbeat', onHeartbeat);
  const cancel = (): void => environment.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what an operation's activity returns
    return written(
      await environment.run<[OperationOrder], OperationReport, typeof activity>(activity, order),
    );
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function patched(before: JsonObject, patch: RuntimePatch = {}): JsonObject {
  const entries = Object.entries({ ...before, ...asWritten(patch) }).filter(
    (entry): entry is [string, Json] => entry[1] !== null,
  );
  return Object.fromEntries(entries);
}
