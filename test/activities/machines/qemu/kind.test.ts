import { describe, expect, it } from 'vitest';
import { containerKind } from '../../../../src/activities/machines/docker/container-kind.ts';
import { virtualMachineKind } from '../../../../src/activities/machines/qemu/kind.ts';
import { requestOf } from '../support.ts';

describe('the container of a virtual machine', () => {
  it('has no more rights than bridges, taps and the processor take', () => {
    const { HostConfig } = virtualMachineKind(undefined).options(requestOf('web'));
    expect(HostConfig).toMatchObject({
      CapAdd: ['NET_ADMIN'],
      DeviceCgroupRules: ['c 10:200 rwm', 'c 10:232 rwm'],
      Binds: [],
    });
    expect(HostConfig.Privileged ?? false).toBe(false);
    expect(HostConfig.SecurityOpt ?? []).toEqual([]);
  });

  it('reads who the name servers are, where the host tells', () => {
    const { HostConfig } = virtualMachineKind('/etc/resolv.conf').options(requestOf('web'));
    expect(HostConfig.Binds).toEqual(['/etc/resolv.conf:/run/host-resolv.conf:ro']);
  });

  it.each([
    [{}, ['MACHINE_CPUS=1', 'MACHINE_MEMORY=512']],
    [{ cpus: 4, memory: 2048 }, ['MACHINE_CPUS=4', 'MACHINE_MEMORY=2048']],
  ])('is told the size of the machine: %j', (size, Env) => {
    expect(virtualMachineKind(undefined).options(requestOf('web', size))).toMatchObject({ Env });
  });
});

describe('the container of a machine with systemd', () => {
  it('is bounded only when asked', () => {
    const { HostConfig } = containerKind(undefined).options(requestOf('web'));
    expect([HostConfig.NanoCpus, HostConfig.Memory]).toEqual([undefined, undefined]);
    const bounded = containerKind(undefined).options(requestOf('web', { cpus: 2, memory: 100 }));
    expect(bounded.HostConfig).toMatchObject({ NanoCpus: 2_000_000_000, Memory: 104_857_600 });
  });
});
