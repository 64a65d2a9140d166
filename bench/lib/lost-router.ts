import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import Docker from 'dockerode';

const run = promisify(execFile);
const patience = 60_000;

/** Deletes the router's controller and pods on the lab's Kubernetes machine; ends when no page comes any more. */
export async function loseRouter(lab: string, entry: string): Promise<void> {
  const machine = await kubernetesMachine(lab);
  const kubectl = ['env', 'KUBECONFIG=/etc/kubernetes/admin.conf', 'kubectl'];
  await run('docker', ['exec', machine, ...kubectl, 'delete', 'rc/quagga', '--cascade=foreground']);
  const deadline = Date.now() + patience;
  while (await answers(entry)) {
    if (Date.now() > deadline) throw new Error('Traffic still passes although the router is gone.');
    await wait(50);
  }
}

/** When a page came first, in ms since the epoch. */
export async function firstPage(entry: string, signal: AbortSignal): Promise<number> {
  while (!(await answers(entry))) {
    signal.throwIfAborted();
    await wait(20);
  }
  return Date.now();
}

async function answers(entry: string): Promise<boolean> {
  try {
    return (await fetch(entry, { signal: AbortSignal.timeout(1_000), headers: { connection: 'close' } })).ok;
  } catch {
    return false;
  }
}

async function kubernetesMachine(lab: string): Promise<string> {
  const docker = new Docker();
  const machines = await docker.listContainers({ filters: { label: [`io.braid.lab=${lab}`] } });
  for (const { Id } of machines) {
    const { Config } = await docker.getContainer(Id).inspect();
    if (Config.Hostname === 'kubernetes') return Id;
  }
  throw new Error(`The lab ${lab} has no Kubernetes machine.`);
}
