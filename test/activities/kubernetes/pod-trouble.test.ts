import { describe, expect, it } from 'vitest';
import { troublesOf } from '../../../src/activities/kubernetes/pod-trouble.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { object } from '../../support/kubernetes.ts';

const start = '2026-01-01T00:00:00Z';
const after = (seconds: number) => new Date(Date.parse(start) + seconds * 1000);
const pod = (container: JsonObject) =>
  object('Pod', 'p', { status: { startTime: start, containerStatuses: [{ name: 'main', ...container }] } });
const waiting = (reason: string, restartCount = 0) =>
  pod({ restartCount, state: { waiting: { reason } }, lastState: { terminated: { exitCode: 7 } } });

describe('a pod', () => {
  it('that runs has no trouble', () => {
    expect(troublesOf(pod({ ready: true, state: { running: {} } }), 0, after(1))).toEqual([]);
    expect(troublesOf(waiting('ContainerCreating'), 0, after(1))).toEqual([]);
  });

  it('whose image can never be there is hopeless at once', () => {
    expect(troublesOf(waiting('ErrImageNeverPull'), 0, after(1))).toMatchObject([{ hopeless: true }]);
  });

  it('whose image cannot be pulled is hopeless after a while', () => {
    expect(troublesOf(waiting('ImagePullBackOff'), 0, after(10))).toMatchObject([{ hopeless: false }]);
    expect(troublesOf(waiting('ImagePullBackOff'), 0, after(60))).toMatchObject([{ hopeless: true }]);
  });

  it('that crashes is hopeless after several crashes, of which one was seen', () => {
    const [trouble] = troublesOf(waiting('CrashLoopBackOff', 3), 0, after(60));
    expect(trouble).toMatchObject({ hopeless: true, log: { container: 'main', previous: true } });
    expect(trouble?.reason).toContain('last exit status 7');
    expect(troublesOf(waiting('CrashLoopBackOff', 2), 0, after(60))).toMatchObject([{ hopeless: false }]);
    expect(troublesOf(waiting('CrashLoopBackOff', 9), 9, after(60))).toMatchObject([{ hopeless: false }]);
  });

  it('that no machine takes says why', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes' }];
    expect(troublesOf(object('Pod', 'p', { status: { conditions } }), 0, after(1))).toMatchObject([
      { reason: 'no machine for it: 0/1 nodes' },
    ]);
  });
});
