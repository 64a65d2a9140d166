import { failure } from '../../contracts/failure.ts';
import type { InstanceView } from '../../contracts/operation.ts';
import type { Tools } from '../operation.ts';
import type { Requester } from './answer.ts';
import { machineRequester } from './machine-request.ts';
import type { ProbeSettings } from './settings.ts';
import { workerRequester } from './worker-request.ts';

/** Who asks: the machine that `from` names, the machine that the probe is in, or the worker. */
export function requesterOf(self: InstanceView, settings: ProbeSettings, tools: Tools): Requester {
  const { from, url, timeout } = settings;
  if (from === '') {
    return self.host === null
      ? workerRequester(url, timeout)
      : machineRequester(self.host, url, timeout, tools);
  }
  const machine = self.targets.find(({ node, id }) => node === from || id === from);
  if (machine !== undefined) return machineRequester(machine, url, timeout, tools);
  if (self.host !== null && (self.host.id === from || self.host.id.startsWith(`${from}_`))) {
    return machineRequester(self.host, url, timeout, tools);
  }
  throw failure(
    'OperationInputInvalid',
    `the probe ${self.id} is to ask from ${from}, but has no relationship to it; connect it, or leave from empty to ask from the worker`,
    { details: { instance: self.id, property: 'from' } },
  );
}
