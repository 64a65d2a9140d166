import { failure } from '../../contracts/failure.ts';
import { isJsonObject, type Json } from '../../contracts/json.ts';
import type { InstanceView } from '../../contracts/operation.ts';
import type { SecretStore } from '../../store/secrets.ts';

/** The script of a machine's first boot, with its secrets resolved. Empty when there is none. */
export async function userdataOf(self: InstanceView, secrets: SecretStore): Promise<string> {
  const text = await textWithSecrets(self.properties['userdata'] ?? '', self, secrets);
  return text === '' || text.startsWith('#!') ? text : `#!/bin/sh\n${text}`;
}

/** A text, `{get_secret: name}`, or a `{concat: […]}` of such. */
async function textWithSecrets(value: Json, self: InstanceView, secrets: SecretStore): Promise<string> {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isJsonObject(value)) {
    const { get_secret: secret, concat } = value;
    if (typeof secret === 'string') return secrets.get(secret);
    if (Array.isArray(concat)) {
      const parts: readonly Json[] = concat;
      const texts = await Promise.all(parts.map((part) => textWithSecrets(part, self, secrets)));
      return texts.join('');
    }
  }
  throw failure('OperationInputInvalid', `userdata of ${self.id} must be a text`, {
    details: { instance: self.id, property: 'userdata' },
  });
}
