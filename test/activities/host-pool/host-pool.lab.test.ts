import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hostPoolOperations } from '../../../src/activities/host-pool/index.ts';
import type { Tools } from '../../../src/activities/operation.ts';
import { configureRoute } from '../../../src/activities/routes/route.ts';
import { runScript } from '../../../src/activities/scripts/operation.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import { makeSshKeyPair } from '../../../src/activities/ssh/key-pair.ts';
import { isJsonObject, type JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView, OperationResult } from '../../../src/contracts/operation.ts';
import { asWritten } from '../../../src/contracts/sealed.ts';
import { startMachine, type TestMachine } from '../../support/machine.ts';
import { blueprintOf, nodeContext, secretsInMemory } from '../../support/operation.ts';
import { resolvedIn } from '../../support/references.ts';
import { operationTools } from '../../support/tools.ts';

/** Two machines of the lab that no blueprint made are the pool. */

const pair = makeSshKeyPair('pool');
const stranger = makeSshKeyPair('stranger');
const secrets = new Map([
  ['own/pool', pair.privateKey],
  ['own/wrong', stranger.privateKey],
]);
const files: Record<string, string> = {};
// Two workers: their connections are their own.
const pools = [keepConnections(), keepConnections()];
const settings = { installation: 'here', formerly: 'lab', folder: '/nowhere' };
const operations = hostPoolOperations(settings);

let machines: readonly TestMachine[] = [];
beforeAll(async () => {
  machines = await Promise.all([startMachine({ pair }), startMachine({ pair })]);
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  await Promise.all(machines.map((machine) => machine.remove()));
});
afterEach(async () => {
  for (const file of Object.keys(files)) delete files[file];
  await Promise.all(machines.map((machine) => machine.inside('rm -rf /var/lib/braid-host /run/braid-host')));
});

function tools(worker = 0): Tools {
  const ssh = pools[worker] ?? keepConnections();
  return operationTools({ ssh, secrets: secretsInMemory(secrets), blueprints: blueprintOf(files) });
}

function entry(machine: TestMachine, more: JsonObject = {}): JsonObject {
  const { host, user, hostKey } = machine.endpoint;
  return {
    name: machine.name,
    address: host,
    user,
    host_key: hostKey,
    key: { get_secret: 'own/pool' },
    ...more,
  };
}

type Self = Pick<InstanceView, 'id' | 'properties' | 'runtimeProperties'>;

function node(id: string, properties: JsonObject = {}, runtimeProperties: JsonObject = {}): Self {
  const hosts = machines.map((machine) => entry(machine));
  return { id, properties: { hosts, ...properties }, runtimeProperties };
}

function call(verb: string, self: Self, inputs: JsonObject = {}, worker = 0): Promise<OperationResult> {
  const operation = operations[`hostpool.host.${verb}`];
  if (operation === undefined) throw new Error(`no ${verb}`);
  return operation(nodeContext(self, inputs, {}, secrets), tools(worker));
}

/** The node with its host. */
async function taken(self: Self, worker = 0): Promise<Self & { readonly machine: TestMachine }> {
  const runtimeProperties = asWritten((await call('take', self, {}, worker)).runtimeProperties ?? {});
  const machine = machines.find(({ name }) => name === runtimeProperties['host_id']);
  if (machine === undefined) throw new Error('it took a host that is not of the pool');
  return { ...self, runtimeProperties, machine };
}

const claimFile = '/var/lib/braid-host/claim.json';

function claimOf(machine: TestMachine): Promise<string> {
  return machine.inside(`cat ${claimFile} 2>/dev/null || echo free`);
}

describe('taking', () => {
  test('gives what a machine gives, once a node instance however often it is asked', async () => {
    const first = await taken(node('web_1', { networks: { front: '172.16.0.0/12' } }));
    const { endpoint } = first.machine;
    expect(first.runtimeProperties).toMatchObject({
      host_id: first.machine.name,
      ip: endpoint.host,
      os: 'linux',
      addresses: { front: endpoint.host },
      interfaces: [expect.objectContaining({ address: endpoint.host, device: 'eth0' })],
      ssh: { host: endpoint.host, port: 22, user: 'debian', key: { get_secret: 'own/pool' } },
    });
    const again = await taken(node('web_1', { networks: { front: '172.16.0.0/12' } }), 1);
    expect(again.runtimeProperties).toEqual(first.runtimeProperties);
    expect(JSON.parse(await claimOf(first.machine))).toMatchObject({
      installation: 'here',
      deployment: 'chain',
      instance: 'web_1',
    });
  });

  test('lets each host go to one only, of many that ask two workers at once; the others are told who has it', async () => {
    const asked = Array.from({ length: 8 }, (_, index) => taken(node(`web_${index}`), index % 2));
    const ended = await Promise.allSettled(asked);
    const hosts = ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value.machine.name] : []));
    expect(hosts.toSorted()).toEqual(machines.map(({ name }) => name).toSorted());
    const refused = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(6);
    const claims = await Promise.all(machines.map(claimOf));
    for (const error of refused) {
      expect(error).toBeInstanceOf(ApplicationFailure);
      expect(error).toMatchObject({ type: 'NoHostFree' });
    }
    const late = await call('take', node('late_1')).catch((error: unknown) => error);
    expect(late).toMatchObject({ type: 'NoHostFree', nonRetryable: true });
    for (const claim of claims) {
      const { instance } = JSON.parse(claim);
      expect(String(late)).toContain(`is held by ${instance} of the deployment chain since`);
    }
  });

  test('keeps a host that was claimed under the name that the installation had before, and no other’s', async () => {
    const self = await taken(node('web_1'));
    const renamed = (name: string) =>
      self.machine.inside(`sed -i -E 's/"installation": "[a-z]+"/"installation": "${name}"/' ${claimFile}`);
    await renamed('lab');
    expect((await call('check', self)).result).toMatchObject({ healthy: true });
    const { since } = JSON.parse(await claimOf(self.machine));
    expect((await taken(self)).machine.name).toBe(self.machine.name);
    expect(JSON.parse(await claimOf(self.machine))).toEqual({
      installation: 'here',
      deployment: 'chain',
      instance: 'web_1',
      since,
    });
    await renamed('elsewhere');
    expect((await call('check', self)).result).toMatchObject({
      healthy: false,
      reason: expect.stringContaining(
        'is held by web_1 of the deployment chain of the installation elsewhere',
      ),
    });
    await call('release', self);
    expect(JSON.parse(await claimOf(self.machine))).toMatchObject({ installation: 'elsewhere' });
  });

  test('goes by tags and networks', async () => {
    const [plain, big] = machines;
    if (plain === undefined || big === undefined) throw new Error('no machines');
    const hosts = [entry(big, { tags: ['web', 'big'] }), entry(plain, { tags: ['web'] })];
    expect((await taken(node('web_1', { hosts, filters: { tags: ['web'] } }))).machine.name).toBe(plain.name);
    const wanted = { hosts, filters: { tags: ['web'] }, networks: { far: '192.0.2.0/24' } };
    await expect(call('take', node('web_2', wanted))).rejects.toMatchObject({
      type: 'NoHostFree',
      message: expect.stringMatching(
        /tags web and an address in each of 192\.0\.2\.0\/24.*has no address in/,
      ),
    });
    await expect(call('take', node('db_1', { hosts, filters: { tags: ['db'] } }))).rejects.toThrow(
      /None of its 2 hosts/,
    );
  });

  test('passes over hosts that cannot be asked, and says how when none can', async () => {
    const [one, other] = machines;
    if (one === undefined || other === undefined) throw new Error('no machines');
    const wrongKey = entry(one, { name: 'wrong-key', key: { get_secret: 'own/wrong' } });
    const strange = entry(one, { name: 'strange', host_key: stranger.publicKey });
    const silent = entry(one, { name: 'silent', address: '127.0.0.9', port: 9 });
    const hosts = [wrongKey, strange, silent, entry(other)];
    expect((await taken(node('web_1', { hosts }))).machine.name).toBe(other.name);
    await expect(call('take', node('web_2', { hosts: [wrongKey] }))).rejects.toMatchObject({
      type: 'Unauthorized',
    });
    await expect(call('take', node('web_2', { hosts: [strange] }))).rejects.toMatchObject({
      type: 'HostKeyMismatch',
    });
    await expect(call('take', node('web_2', { hosts: [silent] }))).rejects.toMatchObject({
      type: 'Unreachable',
      nonRetryable: false,
    });
    await expect(call('take', node('web_2', { hosts: [silent, entry(other)] }))).rejects.toMatchObject({
      type: 'NoHostFree',
      nonRetryable: false,
      message: expect.stringContaining('silent cannot be asked (Unreachable'),
    });
  });

  test('refuses a cleanup that the blueprint has not', async () => {
    await expect(call('take', node('web_1', { cleanup: 'none.sh' }))).rejects.toMatchObject({
      type: 'OperationInputInvalid',
      message: expect.stringContaining('no file none.sh'),
    });
  });
});

describe('giving back', () => {
  test('leaves the host as it was taken: scripts, routes, files and services', async () => {
    const preserve = {
      files: ['/etc/motd', '/etc/braid-new', '/srv/site'],
      services: ['apache2.service', 'ssh.service'],
    };
    for (const machine of machines) {
      await machine.inside('echo before >/etc/motd; mkdir -p /srv/site; echo page >/srv/site/index');
    }
    const before = await Promise.all(machines.map(stateOf));
    files['clean.sh'] = '#!/bin/sh\nset -e\necho "$deployment $instance" >/tmp/cleaned\nrm -f /opt/left\n';
    const self = await taken(node('web_1', { preserve, cleanup: 'clean.sh' }));
    const { machine } = self;
    const host = hostOf(self);
    await runScript(
      nodeContext(
        { id: 'app_1', host },
        {
          script_source: `set -e
echo changed >/etc/motd; echo new >/etc/braid-new; rm -r /srv/site; echo left >/opt/left
systemctl enable --quiet --now apache2
sleep 6161 >/dev/null 2>&1 &`,
          use_sudo: true,
        },
      ),
      tools(),
    );
    const via = machine.endpoint.host.replace(/\d+$/, '1');
    const route = { destination: '198.51.100.0/24', via };
    await configureRoute(nodeContext({ id: 'way_1', properties: route, host }), tools());
    expect(await machine.inside('systemctl is-active apache2; pgrep -cxf "sleep 6161"')).toBe('active\n1\n');

    expect(await call('release', self)).toMatchObject({ runtimeProperties: { host_id: null, ssh: null } });
    expect(await Promise.all(machines.map(stateOf))).toEqual(before);
    expect(await machine.inside('cat /tmp/cleaned; pgrep -cxf "sleep 6161" || true; ls /opt')).not.toContain(
      'left',
    );
    expect(await machine.inside('cat /tmp/cleaned')).toBe('chain web_1\n');
    await call('release', self);
    await machine.inside('rm /tmp/cleaned');
  });

  test('keeps a host that could not be cleaned, and goes on when it can', async () => {
    files['clean.sh'] = 'echo "no way"; exit 3';
    const self = await taken(node('web_1', { cleanup: 'clean.sh' }));
    await expect(call('release', self)).rejects.toMatchObject({
      type: 'ScriptFailed',
      message: expect.stringMatching(/is not given back.*clean\.sh ended with status 3.*\nno way/),
    });
    expect(await claimOf(self.machine)).toContain('web_1');
    files['clean.sh'] = 'true';
    await call('release', self);
    expect(await claimOf(self.machine)).toBe('free\n');
  });

  test('touches no host of another, and gives back what a broken attempt took', async () => {
    files['clean.sh'] = 'touch /tmp/cleaned';
    const ours = await taken(node('web_1', { cleanup: 'clean.sh' }));
    const theirs = await taken(node('db_1'));
    // The attempt that took it did not live to tell.
    const untold = { ...ours, runtimeProperties: {} };
    const wrong = { ...ours, runtimeProperties: theirs.runtimeProperties };
    await call('release', wrong);
    expect(await claimOf(theirs.machine)).toContain('db_1');
    expect(await theirs.machine.inside('test -e /tmp/cleaned || echo untouched')).toBe('untouched\n');
    expect(await claimOf(ours.machine)).toBe('free\n');
    await taken(node('web_1', { cleanup: 'clean.sh' }));
    await call('release', untold);
    expect(await claimOf(ours.machine)).toBe('free\n');
    await ours.machine.inside('rm -f /tmp/cleaned');
  });
});

test('another user of a host reads nothing of what is kept there, and holds up nothing by locks', async () => {
  files['clean.sh'] = 'true # sesame-clean';
  await Promise.all(
    machines.map((machine) =>
      machine.inside(`useradd mallory; su mallory -c 'for path in $(find /run /var/lib -maxdepth 2 -readable); do
        setsid --fork flock --exclusive --nonblock --no-fork "$path" sleep 6262 >/dev/null 2>&1; done; true'`),
    ),
  );
  try {
    const self = await taken(node('web_1', { cleanup: 'clean.sh', preserve: { files: ['/etc/motd'] } }));
    const read = await self.machine.inside(
      `su mallory -c 'ls /var/lib/braid-host; find /run/braid-host/lock; grep -rl web_1 /var/lib/braid-host' 2>/dev/null || true`,
    );
    expect(read).toBe('');
    await call('release', self);
    expect(await self.machine.inside('ls -d /run/braid* /var/lib/braid-* 2>/dev/null || true')).toBe('');
  } finally {
    await Promise.all(
      machines.map((machine) => machine.inside('pkill -xf "sleep 6262"; userdel --force mallory')),
    );
  }
});

describe('looking after', () => {
  test('finds and takes again a host that forgot that it is taken, but not one that another has', async () => {
    const self = await taken(node('web_1'));
    expect((await call('check', self)).result).toMatchObject({ healthy: true });
    await self.machine.inside('rm -r /var/lib/braid-host');
    expect((await call('check', self)).result).toMatchObject({
      healthy: false,
      reason: `the host ${self.machine.name} does not know that it is taken`,
    });
    expect(asWritten((await call('heal', self)).runtimeProperties ?? {})).toEqual(self.runtimeProperties);
    expect((await call('check', self)).result).toMatchObject({ healthy: true });

    await self.machine.inside(
      `sed -i 's/web_1/other_1/' /var/lib/braid-host/claim.json && cat /var/lib/braid-host/claim.json`,
    );
    expect((await call('check', self)).result).toMatchObject({
      healthy: false,
      reason: expect.stringContaining('is held by other_1 of the deployment chain since'),
    });
    await expect(call('heal', self)).rejects.toMatchObject({ type: 'Unreachable', nonRetryable: true });
  });

  test('waits for a host that boots, which is still taken then; one that stays away is given up', async () => {
    const self = await taken(node('web_1'));
    await self.machine.container.kill();
    expect((await call('check', self)).result).toMatchObject({
      healthy: false,
      reason: expect.stringContaining(`the host ${self.machine.name} cannot be asked`),
    });
    await expect(call('heal', self, { patience: 1 })).rejects.toMatchObject({
      type: 'Unreachable',
      nonRetryable: true,
    });
    // Another takes its place meanwhile.
    const other = await taken(self, 1);
    expect(other.machine.name).not.toBe(self.machine.name);
    const healing = call('heal', self);
    await delay(500);
    await self.machine.container.start();
    expect(asWritten((await healing).runtimeProperties ?? {})).toEqual(self.runtimeProperties);
    expect((await call('check', self)).result).toMatchObject({ healthy: true });
    // Whatever is in its name, on whichever host, goes with it.
    await call('release', other);
    expect(await Promise.all(machines.map(claimOf))).toEqual(['free\n', 'free\n']);
  });
});

function hostOf({ id, properties, runtimeProperties }: Self) {
  const resolved = resolvedIn(runtimeProperties, secrets);
  if (!isJsonObject(resolved)) throw new Error('runtime properties are an object');
  return { id, properties, runtimeProperties: resolved };
}

/** What a deployment might leave on a machine. */
function stateOf(machine: TestMachine): Promise<string> {
  return machine.inside(`
cat /etc/motd; find /srv /etc/systemd/system /etc/braid-new /var/lib/braid* /run/braid* 2>/dev/null | sort
cat /srv/site/index; systemctl is-enabled apache2 ssh; systemctl is-active apache2 ssh; ip route | sort; true`);
}
