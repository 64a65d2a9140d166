import { proxyActivities } from '@temporalio/workflow';
import type { SystemActivities } from '../contracts/activities.ts';

/** Short steps: they only talk to Temporal and to the store. By heartbeats a worker that died is noticed. */
export const system = proxyActivities<SystemActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '10 seconds' },
});

/** Steps that wait for other executions, and tell by heartbeats that they live. */
export const patientSystem = proxyActivities<SystemActivities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '10 seconds' },
});
