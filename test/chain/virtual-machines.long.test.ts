import { randomBytes } from 'node:crypto';
import { release } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ensureVirtualMachineImage } from '../../lab/images.ts';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import type { InstallResult } from '../../src/contracts/workflows/install.ts';
import { type Belongings, type ChainLab, startChainLab } from '../support/chain-lab.ts';

/** The reference job with both Apache servers on virtual machines, which have kernels of their own. */

const name = `vm-chain-${randomBytes(2).toString('hex')}`;
const network = '10.124';
const pages = ['<h1>Apache 1</h1>', '<h1>Apache 2</h1>'];
const apaches = ['apache1_host', 'apache2_host'] as const;

let lab: ChainLab;
let before: Belongings;
let installed: InstallResult;

beforeAll(async () => {
  lab = await startChainLab();
  await ensureVirtualMachineImage(lab.docker, { yes: process.env['BRAID_YES'] === '1', note: () => {} });
  before = await lab.belongings();
});
afterAll(async () => {
  await lab.braid.run('uninstall', { deployment: name, force: true }).catch(() => undefined);
  await lab.close();
});

const machines = () => Promise.all(apaches.map((node) => lab.machine(`${name}-kubernetes`, node)));

/** The numbers on this host of the QEMUs of both machines. */
async function qemus(): Promise<readonly string[]> {
  const tops = await Promise.all(
    (await machines()).map(async (machine) => await lab.docker.getContainer(machine).top()),
  );
  return z
    .array(z.object({ Processes: z.array(z.array(z.string())) }))
    .parse(tops)
    .flatMap(({ Processes }) => Processes.filter((fields) => fields.at(-1)?.startsWith('qemu-system')))
    .flatMap((fields) => fields[1] ?? []);
}

async function curl(): Promise<string> {
  const { url } = z.object({ url: z.string() }).parse(installed.outputs['load_balancer']);
  const response = await fetch(url, {
    headers: { connection: 'close' },
    signal: AbortSignal.timeout(20_000),
  });
  return `${response.status} ${(await response.text()).trim()}`;
}

describe('the chain with both Apache servers on virtual machines', () => {
  test('is installed', async () => {
    installed = await lab.braid.run('install', {
      deployment: name,
      blueprint: 'hybrid-service-chain/chain.yaml',
      inputs: { ...(await chainInputs(network, name)), apache_provider: 'virtual_machine' },
    });
    expect(installed.outputs).toMatchObject({ pages });
  });

  test('has Apache servers on kernels that are not the host’s', async () => {
    expect(await qemus()).toHaveLength(2);
    for (const node of apaches) {
      const kernel = await lab.overSsh(`${name}-kubernetes`, node, 'uname -r');
      expect(kernel).toMatch(/cloud-amd64$/);
      expect(kernel).not.toBe(release());
    }
  });

  test('shows both pages in turn', async () => {
    const answers: string[] = [];
    for (let count = 0; count < 6; count += 1) answers.push(await curl());
    expect(new Set(answers)).toEqual(new Set(pages.map((page) => `200 ${page}`)));
    expect(answers.slice(0, 2)).toEqual(answers.slice(2, 4));
  });

  test('is proven, by the router’s absence too', async () => {
    const proof = await lab.braid.run('prove', { deployment: name, disruptive: true });
    expect(proof.problems).toEqual([]);
    expect(proof.controls).toMatchObject([{ trafficStopped: true, trafficCameBack: true }]);
  });

  test('is healed when a virtual machine was destroyed', async () => {
    const [lost = ''] = await machines();
    await lab.docker.getContainer(lost).remove({ force: true, v: true });
    const { healthy } = await lab.braid.run('check', { deployment: name });
    expect(healthy).toBe(false);
    await lab.braid.run('heal', { deployment: name });
    expect(await qemus()).toHaveLength(2);
    expect(new Set([await curl(), await curl()])).toEqual(new Set(pages.map((page) => `200 ${page}`)));
    expect(await lab.braid.run('heal', { deployment: name })).toMatchObject({ repairs: [] });
  });

  test('leaves nothing when it is uninstalled', async () => {
    const processes = await qemus();
    await lab.braid.run('uninstall', { deployment: name });
    expect(await lab.belongings()).toEqual(before);
    for (const process_ of processes) expect(() => process.kill(Number(process_), 0)).toThrow('ESRCH');
  });
});
