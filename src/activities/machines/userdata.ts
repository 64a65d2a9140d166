import { failure } from '../../contracts/failure.ts';
import type { InstanceView } from '../../contracts/operation.ts';

/** The script of a machine's first boot; without a line that names its interpreter it is a shell script. */
export function userdataOf(self: InstanceView): string {
  const text = self.properties['userdata'] ?? '';
  if (typeof text === 'string') return text === '' || text.startsWith('#!') ? text : `#!/bin/sh\n${text}`;
  throw failure('OperationInputInvalid', `userdata of ${self.id} must be a text`, {
    details: { instance: self.id, property: 'userdata' },
  });
}
