import { CancellationScope, getExternalWorkflowHandle, log } from '@temporalio/workflow';
import { entityId, type InstanceChange } from '../../contracts/entity.ts';
import type { InstanceRecord } from '../../contracts/record.ts';
import { progressSignal } from '../deployment/messages.ts';
import { changedInstance } from '../deployment/record.ts';

/** The node instances as this execution sees them, and what the deployment's record is still to be told. */
export type Journal = {
  readonly instances: ReadonlyMap<string, InstanceRecord>;
  note(change: InstanceChange): void;
  /** Waits until the record has what was noted, as far as it takes it. */
  told(): Promise<void>;
  /** Waits for what is on its way, and hands over what was not sent. */
  drain(): Promise<Drained>;
};

export type Drained = { readonly sent: number; readonly changes: readonly InstanceChange[] };

/** Sends changes in batches: while one is on its way the next ones gather. */
export function createJournal(deployment: string, fence: number, records: Iterable<InstanceRecord>): Journal {
  const instances = new Map([...records].map((record) => [record.id, record]));
  const entity = getExternalWorkflowHandle(entityId(deployment));
  let waiting: InstanceChange[] = [];
  let sending: Promise<void> | undefined;
  let sent = 0;

  return {
    instances,
    note(change) {
      const instance = instances.get(change.id);
      if (instance === undefined) return;
      instances.set(change.id, changedInstance(instance, change));
      waiting.push(change);
      sending ??= send();
    },
    async told() {
      await sending;
    },
    async drain() {
      await sending;
      const rest = waiting;
      waiting = [];
      return { sent, changes: rest };
    },
  };

  async function send(): Promise<void> {
    // Steps aside once, so that changes of the same moment go together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const changes = waiting;
      waiting = [];
      try {
        await CancellationScope.nonCancellable(() => entity.signal(progressSignal, { fence, changes }));
        sent += 1;
      } catch (error) {
        log.warn('The deployment did not take a progress signal', { error: String(error) });
        waiting = [...changes, ...waiting];
        break;
      }
    }
    sending = undefined;
  }
}

/** For `check`, which keeps nothing. */
export function readOnlyJournal(records: Iterable<InstanceRecord>): Journal {
  const instances = new Map([...records].map((record) => [record.id, record]));
  return {
    instances,
    note: () => undefined,
    told: async () => undefined,
    drain: async () => ({ sent: 0, changes: [] }),
  };
}
