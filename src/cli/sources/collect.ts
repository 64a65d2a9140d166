import { failure } from '../../contracts/failure.ts';

/** What an archive may hold; the same as a worker keeps of a blueprint. */
export type ArchiveLimits = { readonly files: number; readonly bytes: number };

/** Collects the files of an archive, and refuses what could do harm or cannot be meant. */
export type Collector = {
  /** The way of a file in the archive as the archive has it; null: it is passed over. */
  readonly pathOf: (name: string) => string | null;
  readonly add: (path: string, content: AsyncIterable<unknown>) => Promise<void>;
  readonly refuse: (why: string, cause?: unknown) => Error;
  readonly files: () => ReadonlyMap<string, string>;
};

export function createCollector(archive: string, limits: ArchiveLimits): Collector {
  const files = new Map<string, string>();
  let bytes = 0;

  function refuse(why: string, cause?: unknown): Error {
    return failure('BlueprintInvalid', `The archive ${archive} cannot be read: ${why}`, { cause });
  }

  return {
    refuse,
    pathOf(name) {
      const parts = name.split('/').filter((part) => part !== '' && part !== '.');
      const leadsOut =
        name.startsWith('/') || name.includes('\\') || name.includes('\0') || parts.includes('..');
      if (leadsOut) throw refuse(`the path of ${JSON.stringify(name)} leads out of it.`);
      return parts.length === 0 || parts[0] === '__MACOSX' ? null : parts.join('/');
    },
    async add(path, content) {
      if (files.has(path)) throw refuse(`it holds ${path} twice.`);
      if (files.size >= limits.files) throw refuse(`it holds more than ${limits.files} files.`);
      const parts: Buffer[] = [];
      for await (const part of content) {
        if (!Buffer.isBuffer(part)) throw refuse(`${path} does not consist of bytes.`);
        bytes += part.length;
        if (bytes > limits.bytes) throw refuse(`it holds more than ${limits.bytes} bytes.`);
        parts.push(part);
      }
      files.set(path, Buffer.concat(parts).toString('utf8'));
    },
    files: () => files,
  };
}
