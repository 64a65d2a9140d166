/** What a worker makes networks and machines with. */
export type MachineProviders = {
  /** Fails as ProviderUnavailable when nothing can be asked. */
  reach(signal: AbortSignal): Promise<void>;
  readonly networks: NetworkProvider;
  /** By what a machine's property `provider` may say: containers, virtual machines. All attach to the networks. */
  readonly kinds: Readonly<Record<string, MachineProvider>>;
  /** The kind of machines that name none. */
  readonly usual: string;
};

export type NetworkProvider = {
  /** Undefined when there is none of that name. */
  describe(name: string, signal: AbortSignal): Promise<NetworkDescription | undefined>;
  create(request: NetworkRequest, signal: AbortSignal): Promise<NetworkDescription>;
  /** Absence is success. Waits until it is gone. */
  remove(name: string, signal: AbortSignal): Promise<void>;
};

export type MachineProvider = {
  /** Undefined when there is none of that name. */
  describe(name: string, signal: AbortSignal): Promise<MachineDescription | undefined>;
  create(request: MachineRequest, signal: AbortSignal): Promise<MachineDescription>;
  /** Powers on a machine that is off. */
  start(name: string, signal: AbortSignal): Promise<MachineDescription>;
  /** Absence is success. Removes its disks too and waits until it is gone. */
  remove(name: string, signal: AbortSignal): Promise<void>;
  /** The last lines that the machine wrote to its console; empty when there are none, or no such machine. */
  console(name: string, signal: AbortSignal): Promise<string>;
  /** How many times longer its machines may take, to boot and to answer, than ones on a processor of their host. */
  readonly slowness: number;
  /** The image of machines that name none. */
  readonly usualImage: string;
};

/** Who made an object: labels or tags at the provider. */
export type Owner = {
  /** Undefined: made before installations were told apart. */
  readonly installation?: string | undefined;
  readonly deployment: string;
  readonly instance: string;
};

export type NetworkRequest = { readonly name: string; readonly subnet: string; readonly owner: Owner };
export type NetworkDescription = {
  readonly id: string;
  readonly name: string;
  /** CIDR, `10.100.101.0/24`. */
  readonly subnet: string;
  /** Undefined: made by someone else. */
  readonly owner: Owner | undefined;
  /** The names of the machines that are in it now. */
  readonly members: readonly string[];
};

export type MachineRequest = {
  readonly name: string;
  readonly hostname: string;
  readonly image: string;
  /** Run by the machine itself, as root, at its first boot. Empty: nothing. */
  readonly userdata: string;
  readonly user: string;
  /** In OpenSSH format, for the user's authorized_keys. */
  readonly publicKey: string;
  /** In the order of the machine's interfaces; the first is the one it is managed by. */
  readonly attachments: readonly Attachment[];
  /** Undefined: what the provider gives. */
  readonly cpus: number | undefined;
  /** MiB. Undefined: what the provider gives. */
  readonly memory: number | undefined;
  readonly owner: Owner;
  /** Of everything above; another value at a live machine means that it must be made anew. */
  readonly fingerprint: string;
};
export type Attachment = { readonly network: string; readonly address: string | undefined };

export type MachineDescription = {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  /** How often it went off and was powered on by the provider itself, since somebody else powered it on. */
  readonly restarts: number;
  readonly owner: Owner | undefined;
  readonly fingerprint: string | undefined;
  readonly interfaces: readonly MachineInterface[];
  /** `ssh-ed25519 AAAA…`; undefined until the machine has made it. */
  readonly hostKey: string | undefined;
};
export type MachineInterface = {
  readonly network: string;
  readonly address: string;
  readonly prefix: number;
  readonly mac: string;
};
