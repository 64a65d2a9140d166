import { startMachine, type TestMachine } from '../../support/machine.ts';

/** A real Swarm of one node, on a machine. */
export type TestSwarm = {
  readonly machine: TestMachine;
  /** As the deployment of the Swarm tells it; the key is the secret `swarm/key`. */
  readonly swarmInfo: {
    readonly manager_ip: string;
    readonly ssh: { readonly [key: string]: string | number | { readonly get_secret: string } };
  };
  readonly secrets: ReadonlyMap<string, string>;
  /** `docker …` on the manager, by the side of what is tested. */
  readonly docker: (command: string) => Promise<string>;
};

export type TestSwarmOptions = {
  /** Default: one of its own. */
  readonly machine?: TestMachine;
  /** Of the engine, as the option size of a tmpfs. Default: the disk's. */
  readonly room?: string;
};

export async function startSwarm({ machine: given, room }: TestSwarmOptions = {}): Promise<TestSwarm> {
  const machine = given ?? (await startMachine());
  const { ip, ssh } = machine.runtimeProperties;
  const { key, ...rest } = ssh;
  const docker = (command: string) => machine.inside(`docker ${command}`);
  if (room !== undefined) await machine.inside(`mount -t tmpfs -o size=${room} tmpfs /var/lib/docker`);
  await machine.inside('systemctl start docker');
  await docker(`swarm init --advertise-addr ${ip} --default-addr-pool 10.20.0.0/16`);
  await makeImages(machine);
  return {
    machine,
    docker,
    swarmInfo: { manager_ip: ip, ssh: { ...rest, key: { get_secret: 'swarm/key' } } },
    secrets: new Map([
      ['swarm/key', String(key)],
      ['token', 'open-sesame'],
    ]),
  };
}

/** A shell and a few programs, of the machine's own: `test:1` sleeps, and ends at once when told to stop. */
export async function makeImages(machine: TestMachine): Promise<void> {
  await machine.inside(`
    set -e
    files="/bin/sh /bin/sleep /bin/cat"
    libraries=$(ldd $files | grep -o '/[^ ]*' | grep -v : | sort -u)
    entry='["/bin/sh","-c","trap \\"exit 0\\" TERM; while :; do sleep 0.2; done"]'
    for tag in 1 2; do tar -ch $files $libraries 2>/dev/null | docker import --change "ENTRYPOINT $entry" - test:$tag; done
  `);
}
