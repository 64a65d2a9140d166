import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureEtcd, ensureKubernetes } from '../../lab/toolchain/kubernetes.ts';

/** A real Kubernetes control plane as processes of this machine: no kubelet, so pods stay as they are set. */
export type ControlPlane = {
  readonly url: string;
  /** Of its etcd, by HTTP. */
  readonly etcdUrl: string;
  /** Its certificate and private key, as PEM. */
  readonly identity: { readonly cert: string; readonly key: string };
  /** Of a cluster administrator. */
  readonly kubeconfig: string;
  /** A kubeconfig of the same server with another token or another authority. */
  kubeconfigWith(change: { readonly token?: string; readonly authority?: string }): string;
  /** Of a user without any rights. */
  readonly strangerToken: string;
  stop(): Promise<void>;
};

const silent = (): void => undefined;

const controllers = [
  'replicationcontroller-controller',
  'replicaset-controller',
  'deployment-controller',
  'garbage-collector-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'root-ca-certificate-publisher-controller',
];

export type ControlPlaneOptions = {
  /** How much etcd keeps before it is full. Default: etcd's own, 2 GiB. */
  readonly etcdBytes?: number;
};

/** Starts etcd, the API server and the controllers in a folder of their own; ready when it returns. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const [etcd, kubernetes] = [await ensureEtcd(silent), await ensureKubernetes(silent)];
  const folder = await mkdtemp(join(tmpdir(), 'braid-control-plane-'));
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const url = `https://127.0.0.1:${apiPort}`;
  const [adminToken, strangerToken] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const started: ChildProcess[] = [];
  const run = (program: string, name: string, args: readonly string[]): void => {
    started.push(spawn(program, args, { argv0: name, stdio: 'ignore' }));
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.reverse().map(end));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await writeFile(
      join(folder, 'tokens.csv'),
      `${adminToken},admin,admin,system:masters\n${strangerToken},stranger,stranger\n`,
    );
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(join(folder, 'accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const room = options.etcdBytes === undefined ? [] : [`--quota-backend-bytes=${options.etcdBytes}`];
    run(etcd, 'etcd', [...etcdArguments(folder, etcdPort, peerPort), ...room]);
    run(kubernetes, 'kube-apiserver', apiArguments(folder, etcdPort, apiPort));
    const authority = await readWhenThere(join(folder, 'certificates', 'apiserver.crt'));
    const kubeconfigWith = (change: { readonly token?: string; readonly authority?: string }): string =>
      kubeconfigOf(url, change.authority ?? authority, change.token ?? adminToken);
    const kubeconfig = kubeconfigWith({});
    await writeFile(join(folder, 'admin.conf'), kubeconfig);
    await ready(folder, apiPort, adminToken, authority);
    run(kubernetes, 'kube-controller-manager', controllerArguments(folder));
    const key = readFileSync(join(folder, 'certificates', 'apiserver.key'), 'utf8');
    return {
      url,
      identity: { cert: authority, key },
      etcdUrl: `http://127.0.0.1:${etcdPort}`,
      kubeconfig,
      kubeconfigWith,
      strangerToken,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function etcdArguments(folder: string, client: number, peer: number): readonly string[] {
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    '--name=one',
    `--data-dir=${join(folder, 'etcd')}`,
    '--unsafe-no-fsync',
    '--log-level=error',
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=one=${peerUrl}`,
  ];
}

function apiArguments(folder: string, etcd: number, port: number): readonly string[] {
  const key = join(folder, 'accounts.key');
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    `--cert-dir=${join(folder, 'certificates')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    '--service-cluster-ip-range=10.250.0.0/24',
    '--service-account-issuer=https://127.0.0.1',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
  ];
}

function controllerArguments(folder: string): readonly string[] {
  return [
    `--kubeconfig=${join(folder, 'admin.conf')}`,
    `--controllers=${controllers.join(',')}`,
    `--service-account-private-key-file=${join(folder, 'accounts.key')}`,
    `--root-ca-file=${join(folder, 'certificates', 'apiserver.crt')}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
}

function kubeconfigOf(server: string, authority: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') },
      },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

async function ready(folder: string, port: number, token: string, authority: string): Promise<void> {
  const asks = async (path: string): Promise<boolean> =>
    await new Promise((resolve) => {
      const headers = { Authorization: `Bearer ${token}` };
      request({ host: '127.0.0.1', port, path, ca: authority, headers }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
        .on('error', () => resolve(false))
        .end();
    });
  await until(`the API server in ${folder}`, async () => await asks('/readyz'));
  await until('the namespace default', async () => await asks('/api/v1/namespaces/default'));
}

async function readWhenThere(file: string): Promise<string> {
  await until(
    file,
    async () => await Promise.resolve(existsSync(file) && readFileSync(file, 'utf8').includes('END')),
  );
  return readFileSync(file, 'utf8');
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not there after 60 seconds: ${what}`);
    await sleep(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('exit', () => resolve());
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), 3000);
  await promise;
  clearTimeout(killing);
}
