import type { OperationTable } from '../operation.ts';
import { checkProbe, verifyProbe, verifyProbeStopped } from './probe.ts';

/** What the plugin `traffic` offers. */
export const operations: OperationTable = {
  'traffic.probe.verify': verifyProbe,
  'traffic.probe.verify_stopped': verifyProbeStopped,
  'traffic.probe.check': checkProbe,
};
