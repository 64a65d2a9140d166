import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { afterEach, expect, test } from 'vitest';
import { machineContainerOptions } from '../../src/activities/machines/docker/container-options.ts';
import { eventually, execIn, makeContainer, makeNetwork, removeAll } from './containers.ts';

afterEach(removeAll);

const userdata = '#!/bin/sh\nid -un\necho again >> /root/runs\nexit 3\n';

async function makeMachine(): Promise<Docker.Container> {
  const network = await makeNetwork();
  const { HostConfig, ...options } = machineContainerOptions();
  const machine = await makeContainer({
    Image: 'braid/machine:latest',
    Hostname: `machine-${randomBytes(3).toString('hex')}`,
    ...options,
    HostConfig: { ...HostConfig, NetworkMode: network.name },
  });
  const files = pack();
  files.entry({ name: 'var/lib/braid/userdata', mode: 0o700 }, userdata);
  files.finalize();
  await machine.putArchive(Readable.from(files), { path: '/' });
  await machine.start();
  return machine;
}

const isRunning = (machine: Docker.Container) =>
  eventually(
    () => execIn(machine, ['systemctl', 'is-system-running']),
    ({ output }) => output === 'running',
  );

const textOf = async (machine: Docker.Container, file: string) =>
  (await execIn(machine, ['cat', file])).output;

test('boots to running, and again after a restart; its userdata runs once; its keys stay', async () => {
  const machine = await makeMachine();
  await isRunning(machine);
  expect(await textOf(machine, '/var/lib/braid/userdata.status')).toBe('3');
  expect(await textOf(machine, '/var/lib/braid/userdata.log')).toBe('root');
  expect(await textOf(machine, '/var/lib/braid/userdata')).toBe('');
  const hostKey = await textOf(machine, '/etc/ssh/ssh_host_ed25519_key.pub');
  const machineId = await textOf(machine, '/etc/machine-id');
  expect(hostKey).toMatch(/^ssh-ed25519 /);

  await machine.restart();
  await isRunning(machine);
  expect(await textOf(machine, '/root/runs')).toBe('again');
  expect(await textOf(machine, '/etc/ssh/ssh_host_ed25519_key.pub')).toBe(hostKey);
  expect(await textOf(machine, '/etc/machine-id')).toBe(machineId);
});

test('has its engines and servers at hand, but none runs unasked', async () => {
  const machine = await makeMachine();
  await isRunning(machine);
  for (const unit of ['docker', 'docker.socket', 'containerd', 'apache2']) {
    const { output } = await execIn(machine, ['systemctl', 'is-enabled', unit]);
    expect([unit, output]).toEqual([unit, 'disabled']);
  }
  for (const program of [
    'kubelet',
    'kubeadm',
    'kubectl',
    'dockerd',
    'conntrack',
    'socat',
    'curl',
    'python3',
  ]) {
    const { status } = await execIn(machine, ['which', program]);
    expect([program, status]).toEqual([program, 0]);
  }
  expect((await execIn(machine, ['ls', '/opt/braid/images'])).output.split(/\s+/)).toEqual([
    'kubernetes.tar',
    'load-balancer.tar',
    'router.tar',
  ]);
  expect((await execIn(machine, ['kubeadm', 'version', '-o', 'short'])).output).toBe('v1.34.4');
});

test('Docker on it runs an image of the archives', async () => {
  const machine = await makeMachine();
  await isRunning(machine);
  expect((await execIn(machine, ['systemctl', 'start', 'docker'])).status).toBe(0);
  expect(
    (await execIn(machine, ['docker', 'load', '-i', '/opt/braid/images/load-balancer.tar'])).status,
  ).toBe(0);
  const run = ['docker', 'run', '--rm', '-e', 'SERVERS=nonsense', 'braid/load-balancer:1'];
  const { status, output } = await execIn(machine, run);
  expect(output).toContain("'nonsense' in SERVERS is not ADDRESS[:PORT]");
  expect(status).toBe(2);
});

test('lets in by key alone', async () => {
  const machine = await makeMachine();
  await isRunning(machine);
  const { NetworkSettings } = await machine.inspect();
  const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentityFile=/dev/null',
  ];
  const ssh = spawn('ssh', [...options.flatMap((option) => ['-o', option]), `debian@${address}`, 'true']);
  let told = '';
  ssh.stderr.on('data', (data: Buffer) => {
    told += data.toString();
  });
  await new Promise((resolve) => ssh.once('close', resolve));
  expect(told).toContain('Permission denied (publickey)');
});

const withoutRight = {
  DAC_READ_SEARCH: 2,
  SYS_MODULE: 16,
  SYS_RAWIO: 17,
  SYS_BOOT: 22,
  SYS_RESOURCE: 24,
  SYS_TIME: 25,
  AUDIT_CONTROL: 30,
  MAC_OVERRIDE: 32,
  MAC_ADMIN: 33,
  SYSLOG: 34,
  PERFMON: 38,
  BPF: 39,
};

const reboot =
  'import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.reboot(0x4321FEDC), ctypes.get_errno())';
const outOfReach: readonly (readonly [what: string, command: string, refusal: RegExp])[] = [
  ['a disk', 'mknod /root/loop b 7 0 && head -c 1 /root/loop', /Operation not permitted/],
  ['another disk', 'mknod /root/disk b 254 0 && head -c 1 /root/disk', /Operation not permitted/],
  ['the memory', 'mknod /root/mem c 1 1 && head -c 1 /root/mem', /Operation not permitted/],
  ['the ports', 'mknod /root/port c 1 4 && head -c 1 /root/port', /Operation not permitted/],
  ['the log of the kernel', 'mknod /root/kmsg c 1 11 && head -c 1 /root/kmsg', /Operation not permitted/],
  ['the memory of the kernel', 'test -s /proc/kcore || echo empty', /^empty$/],
  ['its keys', 'echo h >/proc/sysrq-trigger', /Read-only file system|nonexistent/],
  ['a module of the kernel', 'cp /bin/true /root/a.ko; insmod /root/a.ko', /not permitted|not implemented/],
  ['the clock', 'date --set "$(date)"', /cannot set date: Operation not permitted/],
  ['the switch', `python3 -c '${reboot}'`, /^-1 1$/],
];

test('reaches nothing of its host from inside', async () => {
  const machine = await makeMachine();
  await isRunning(machine);
  const status = await textOf(machine, '/proc/1/status');
  const bounds = BigInt(`0x${/CapBnd:\s+(\w+)/.exec(status)?.[1] ?? ''}`);
  const kept = Object.entries(withoutRight).filter(([, bit]) => ((bounds >> BigInt(bit)) & 1n) === 1n);
  expect(kept).toEqual([]);
  for (const [what, command, refusal] of outOfReach) {
    const { output } = await execIn(machine, ['sh', '-c', `{ ${command}; } 2>&1`]);
    expect([what, output]).toEqual([what, expect.stringMatching(refusal)]);
  }
});

test('shuts down when it is told to from inside, and comes up again', async () => {
  const machine = await makeMachine();
  await isRunning(machine);
  // While it restarts there is nobody to ask.
  const look = () => execIn(machine, ['cat', '/proc/1/stat']).catch(() => undefined);
  const boots = async () => (await look())?.output.split(' ')[21];
  const before = await boots();
  await execIn(machine, ['systemctl', 'reboot']);
  await eventually(boots, (now) => now !== undefined && now !== before);
  expect((await machine.inspect()).RestartCount).toBe(1);
});
