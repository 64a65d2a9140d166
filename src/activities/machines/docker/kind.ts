import type Docker from 'dockerode';
import type { MachineRequest } from '../provider.ts';
import type { Engine } from './engine.ts';

/** What tells one kind of machine on a Docker engine from another: a container with systemd, or with QEMU. */
export type MachineKind = {
  /** As a machine's property `provider` names it, and the label `io.braid.provider` of an image. */
  readonly name: string;
  readonly usualImage: string;
  /** As of its provider. */
  readonly slowness: number;
  /** A part of the options of `createContainer`. */
  readonly options: (request: MachineRequest) => KindOptions;
  /** A tar archive for the root of a container that has not run yet. */
  readonly firstBootFiles: (
    engine: Engine,
    container: Docker.Container,
    request: MachineRequest,
    signal: AbortSignal,
  ) => Promise<Buffer>;
  /**
   * Lets the user of a machine that has run in again, beside whomever else it lets in. Undefined: that cannot be
   * done from outside, and the machine must be made anew.
   */
  readonly letUserIn?: (
    engine: Engine,
    container: Docker.Container,
    request: MachineRequest,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Where the public part of the machine's host key is, in its container. */
  readonly hostKeyFile: string;
  /** Whether a running machine takes a network that it is attached to; else it is started anew. */
  readonly takesNetworks: boolean;
};

export type KindOptions = {
  readonly HostConfig: Docker.HostConfig;
  /** Anonymous volumes; `remove({ v: true })` takes them away with the machine. */
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly Env?: string[];
  /** By which the machine is told to shut down. */
  readonly StopSignal: string;
  /** Seconds until a machine that does not shut down is switched off. */
  readonly StopTimeout: number;
};
