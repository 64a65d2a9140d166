import { generateKeyPairSync, randomBytes } from 'node:crypto';
import ssh2 from 'ssh2';

export type SshKeyPair = {
  /** The file that `ssh -i` takes. A secret. */
  readonly privateKey: string;
  /** The line of authorized_keys, `ssh-ed25519 AAAA… comment`. */
  readonly publicKey: string;
};

const type = 'ssh-ed25519';

/** A new ed25519 pair in OpenSSH's formats. Not by ssh2, which now and then makes one that it cannot read. */
export function makeSshKeyPair(comment: string): SshKeyPair {
  const pair = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const publicBytes = Buffer.from(pair.x ?? '', 'base64url');
  const seed = Buffer.from(pair.d ?? '', 'base64url');
  const publicBlob = Buffer.concat([field(type), field(publicBytes)]);
  const check = randomBytes(4);
  const secret = padded(
    Buffer.concat([check, check, publicBlob, field(Buffer.concat([seed, publicBytes])), field(comment)]),
  );
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    uint32(1),
    field(publicBlob),
    field(secret),
  ]);
  return {
    privateKey: armoured(file),
    publicKey: `${type} ${publicBlob.toString('base64')} ${comment}`,
  };
}

/** The public half, for a private key that exists already. Undefined: it is no private key. */
export function publicKeyOf(privateKey: string, comment: string): string | undefined {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) return undefined;
  return `${parsed.type} ${parsed.getPublicSSH().toString('base64')} ${comment}`;
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** To whole blocks of eight, by 1, 2, 3, … */
function padded(bytes: Buffer): Buffer {
  const lacking = (8 - (bytes.length % 8)) % 8;
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: lacking }, (_, index) => index + 1))]);
}

function armoured(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}
