import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runScript } from '../../../src/activities/scripts/operation.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { InstanceView, OperationContext } from '../../../src/contracts/operation.ts';
import { asWritten } from '../../../src/contracts/sealed.ts';
import { startMachine, type TestMachine } from '../../support/machine.ts';
import { blueprintOf, hostView, instanceView, nodeContext } from '../../support/operation.ts';
import { operationTools } from '../../support/tools.ts';

/** Scripts after the manner of Cloudify's public blueprint of a Docker Swarm, a manager and a worker. */

const folder = join(import.meta.dirname, 'docker-swarm');
const ssh = keepConnections();
const files: Record<string, string> = {};
const logged: string[] = [];
const tools = operationTools({
  ssh,
  blueprints: blueprintOf(files),
  log: (line) => void logged.push(line),
});
let managerHost: TestMachine;
let workerHost: TestMachine;

beforeAll(async () => {
  [managerHost, workerHost] = await Promise.all([startMachine(), startMachine()]);
  for (const name of await readdir(join(folder, 'scripts'))) {
    files[`scripts/${name}`] = await readFile(join(folder, 'scripts', name), 'utf8');
  }
});
afterAll(async () => {
  await ssh.close();
  await Promise.all([managerHost, workerHost].map((machine) => machine.remove()));
});

function instance(node: string, machine: TestMachine, runtimeProperties: JsonObject = {}): InstanceView {
  const host = hostView(machine.runtimeProperties);
  return instanceView({ id: `${node}_1`, node, host, runtimeProperties });
}

let steps = 0;
function context(self: InstanceView, inputs: JsonObject, more: Partial<OperationContext> = {}) {
  steps += 1;
  return nodeContext(self, inputs, { idempotencyKey: `step-${steps}`, operation: `step.${steps}`, ...more });
}

test('a Swarm is made by them: Docker in Python, tokens and node ids by ctx, labels over a relationship', async () => {
  const manager = instance('manager', managerHost);
  const worker = instance('worker', workerHost);
  const install = { script_path: 'scripts/docker_install.py', process: { eval_python: true } };
  const installed = await Promise.all(
    [manager, worker].map((self) => runScript(context(self, install, { operation: 'create' }), tools)),
  );
  expect(installed[0]?.runtimeProperties).toEqual({ docker: { installed_by: 'create', node: 'manager' } });
  expect(logged.join('\n')).toMatch(/info: docker is not there: installing it on 172\./);

  const { host: address } = managerHost.endpoint;
  const made = await runScript(
    context(manager, { script_path: 'scripts/start-manager.sh', process: { env: { IP: address } } }),
    tools,
  );
  expect(made.runtimeProperties).toMatchObject({
    manager_token: expect.stringMatching(/^SWMTKN-1-/),
    worker_token: expect.stringMatching(/^SWMTKN-1-/),
  });
  expect(made.result).toMatch(/^[a-z0-9]{25}$/);

  const join_ = (token: unknown): JsonObject => ({
    script_path: 'scripts/start-worker.sh',
    hide_output: ['everything'],
    process: {
      env: { IP: workerHost.endpoint.host, MASTERIP: address, TOKEN: String(token), LABEL: 'worker' },
      command_prefix: 'bash -e',
      cwd: '/tmp',
    },
  });
  await expect(runScript(context(worker, join_('')), tools)).rejects.toMatchObject({
    type: 'ScriptFailed',
    nonRetryable: false,
    message: expect.stringContaining('wants to be run again: the manager has not told its token yet'),
  });
  const wrong = { ...join_('SWMTKN-1-none'), non_recoverable_error_exit_codes: [7] };
  await expect(runScript(context(worker, wrong), tools)).rejects.toMatchObject({ nonRetryable: true });
  const { worker_token: token = '' } = made.runtimeProperties ?? {};
  const joined = await runScript(context(worker, join_(token)), tools);
  expect(joined.runtimeProperties).toEqual({
    swarm: { node_id: expect.stringMatching(/^[a-z0-9]{25}$/), label: 'worker' },
  });
  expect(logged.join('\n')).toContain(`info: worker joins ${address} as worker_1`);
  expect(logged.join('\n')).not.toContain('This node joined a swarm');

  const linked = await runScript(
    context(
      worker,
      { script_path: 'scripts/label-worker.sh' },
      {
        subject: {
          kind: 'relationship',
          side: 'target',
          relationship: { type: 'r', typeHierarchy: ['r'], properties: {} },
          source: { ...worker, runtimeProperties: asWritten(joined.runtimeProperties ?? {}) },
          target: manager,
        },
      },
    ),
    tools,
  );
  expect(linked).toMatchObject({
    sourceRuntimeProperties: { labelled_on: address },
    targetRuntimeProperties: { workers: [expect.any(String)] },
  });
  expect(await managerHost.inside('docker node ls --filter node.label=role=worker --quiet | wc -l')).toBe(
    '1\n',
  );
});

test('fabric_env chooses the user, his password and the port, and nothing of it is left on the machine', async () => {
  const { host, hostKey } = managerHost.endpoint;
  await managerHost.inside(`useradd --create-home --shell /bin/bash ops && echo ops:sesame-street | chpasswd
echo 'ops ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/ops
printf 'Match User ops\\n  PasswordAuthentication yes\\n' >/etc/ssh/sshd_config.d/zz-ops.conf
systemctl restart ssh`);
  const commands = ['ctx instance runtime-properties user "$(id -un)"'];
  const own = { commands, fabric_env: { user: 'ops', password: 'sesame-street', host_string: host } };
  expect(await runScript(context(instance('web', managerHost), own), tools)).toMatchObject({
    runtimeProperties: { user: 'ops' },
  });
  // From an instance that is on no machine.
  const elsewhere = { host_string: `ops@${host}:22`, password: 'sesame-street', host_key: hostKey };
  const nowhere = instanceView({ id: 'web_2', node: 'web' });
  expect(await runScript(context(nowhere, { commands, fabric_env: elsewhere }), tools)).toMatchObject({
    runtimeProperties: { user: 'ops' },
  });
  const wrong = { commands, fabric_env: { ...elsewhere, password: 'wrong' } };
  await expect(runScript(context(nowhere, wrong), tools)).rejects.toMatchObject({
    type: 'Unauthorized',
    message: expect.stringContaining('refused the password'),
  });
  expect(await managerHost.inside('grep -rl sesame-street /run /var/lib/braid-runs /tmp || echo none')).toBe(
    'none\n',
  );
});
