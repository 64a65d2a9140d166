import type { OperationTable } from '../operation.ts';
import { checkProbe, verifyProbe } from './probe.ts';

/** What the plugin `traffic` offers. */
export const operations: OperationTable = {
  'traffic.probe.verify': verifyProbe,
  'traffic.probe.check': checkProbe,
};
