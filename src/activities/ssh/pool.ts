import type { Duplex } from 'node:stream';

/** How a host is reached. Its private key is a secret by now resolved. */
export type SshEndpoint = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly privateKey: string;
  /** Tried after the key; an empty key is none. Default: only the key. */
  readonly password?: string;
  /** `ssh-ed25519 AAAA…`; another one is refused as HostKeyMismatch. */
  readonly hostKey: string;
};

export type CommandOptions = {
  readonly sudo?: boolean;
  readonly stdin?: string | Buffer;
  /** Completes «asked to …» for people. Default: `run a command`. */
  readonly purpose?: string;
  /** Bytes of both outputs; beyond them the command is ended, and it fails as AnswerUnusable. Default: 1 MiB. */
  readonly outputLimit?: number;
  /** Default: null, no limit but the signal's. */
  readonly timeoutMilliseconds?: number | null;
};
export type CommandResult = { readonly status: number; readonly stdout: string; readonly stderr: string };

/** How much may come over a stream for each thing that is sent; one that exceeds it is ended. */
export type AnswerBound = {
  /** Bytes, asked whenever some come. */
  readonly limit: () => number;
  /** Called before the stream is ended, which has no way to say why. */
  readonly exceeded: () => void;
};

/** One kept connection to a host; many commands run over it side by side. */
export type SshConnection = {
  /** Any exit status is a result, not an error. The command is one shell line; secrets go by stdin. */
  run(command: string, signal: AbortSignal, options?: CommandOptions): Promise<CommandResult>;
  /** A stream to the command's standard input and output, such as `docker system dial-stdio`. */
  stream(command: string, signal: AbortSignal, bound?: AnswerBound): Promise<Duplex>;
  /** Written aside and renamed, so that nobody reads half a file. Mode in octal, 0o644. */
  writeFile(
    path: string,
    content: string | Buffer,
    mode: number,
    signal: AbortSignal,
    options?: { readonly sudo?: boolean },
  ): Promise<void>;
};

/** Connections kept by endpoint, made when first needed, made anew when broken, closed when idle. */
export type SshPool = {
  /** Fails as Unreachable, Unauthorized or HostKeyMismatch. */
  connect(endpoint: SshEndpoint, signal: AbortSignal): Promise<SshConnection>;
  close(): Promise<void>;
};
