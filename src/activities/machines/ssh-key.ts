import { failure } from '../../contracts/failure.ts';
import { madeSecret } from '../../contracts/secret-names.ts';
import type { SecretStore } from '../../store/secrets.ts';
import { makeSshKeyPair, publicKeyOf } from '../ssh/key-pair.ts';

/** The name of the secret that holds a machine's private key. */
export function sshKeyName(deployment: string, instance: string): string {
  return madeSecret(deployment, instance, 'ssh-key');
}

/** The machine's line of authorized_keys; its private key is made and kept when there is none. */
export async function ensureSshKey(secrets: SecretStore, name: string): Promise<string> {
  const privateKey = await secrets.ensure(name, async () => makeSshKeyPair(name).privateKey);
  const publicKey = publicKeyOf(privateKey, name);
  if (publicKey !== undefined) return publicKey;
  throw failure('OperationInputInvalid', `secret ${name} is not a private key`, {
    details: { secret: name },
  });
}
