import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { blueprintFiles } from '../../src/activities/blueprints/catalogue.ts';
import { runScript } from '../../src/activities/scripts/operation.ts';
import { keepConnections } from '../../src/activities/ssh/kept-connections.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import { jsonObjectSchema } from '../../src/contracts/json-schemas.ts';
import { compile } from '../../src/language/index.ts';
import { evaluate } from '../../src/language/functions/index.ts';
import { startMachine, type TestMachine } from '../support/machine.ts';
import { blueprintOf, hostView, nodeContext } from '../support/operation.ts';
import { operationTools } from '../support/tools.ts';

/** The way of swarm-cluster/fabric.yaml, its operations as the blueprint has them, on a machine that runs. */

const folder = join(import.meta.dirname, '../../blueprints/swarm-cluster');
const lifecycle = 'cloudify.interfaces.lifecycle';
const check = 'cloudify.interfaces.validation.check_status';
const ssh = keepConnections();
let machine: TestMachine;
beforeAll(async () => {
  machine = await startMachine();
});
afterAll(async () => {
  await ssh.close();
  await machine.remove();
});

test('the way is set, changed with its inputs, there after a reboot, and taken back, each time without a trace', async () => {
  const [first, second] = [neighbour(201), neighbour(202)];
  await run(`${lifecycle}.create`, '198.51.100.0/24', first);
  expect(await routes()).toBe(`198.51.100.0/24 via ${first}`);
  await run(check, '198.51.100.0/24', first);

  // Another router to the same network.
  await expect(run(check, '198.51.100.0/24', second)).rejects.toThrow(`is not via ${second}`);
  await run(`${lifecycle}.heal`, '198.51.100.0/24', second);
  expect(await routes()).toBe(`198.51.100.0/24 via ${second}`);

  // Another network.
  await expect(run(check, '203.0.113.0/24', second)).rejects.toThrow('there is none');
  await run(`${lifecycle}.heal`, '203.0.113.0/24', second);
  expect(await routes()).toBe(`203.0.113.0/24 via ${second}`);

  machine = await machine.restart();
  await expect.poll(routes, { timeout: 20_000 }).toBe(`203.0.113.0/24 via ${second}`);

  await run(`${lifecycle}.delete`, '203.0.113.0/24', second);
  expect(await routes()).toBe('');
  expect(await machine.inside('find / -xdev -name "*way-to-quagga-net*"')).toBe('');
});

let steps = 0;

async function run(operation: string, quagga_net: string, quagga_host: string): Promise<void> {
  steps += 1;
  const { implementation, inputs } = await operationOf(operation, { quagga_net, quagga_host });
  expect(['fabric.fabric_plugin.tasks.run_script', 'scripts.run']).toContain(implementation);
  const { script_path: script } = inputs;
  const files = typeof script === 'string' ? { [script]: await readFile(join(folder, script), 'utf8') } : {};
  const self = { id: 'way_1', host: hostView(machine.runtimeProperties) };
  const context = nodeContext(self, inputs, { operation, idempotencyKey: `way-${steps}` });
  await runScript(context, operationTools({ ssh, blueprints: blueprintOf(files) }));
}

/** As the engine gives it to the activity, with these outputs of the other deployment. */
async function operationOf(operation: string, capabilities: JsonObject) {
  const inputs = { kubernetes_deployment: 'kubernetes' };
  const { plan } = await compile({ main: 'fabric.yaml', ...blueprintFiles(folder), inputs });
  const found = plan?.nodes['manager_way']?.operations[operation];
  if (found === undefined) throw new Error(`the way has no ${operation}`);
  const live = evaluate(found.inputs, {
    attribute: () => ({ value: null }),
    attributes: () => ({}),
    property: () => null,
    capability: (_, [name]) => ({ value: capabilities[String(name)] ?? null }),
  });
  return { implementation: found.implementation, inputs: jsonObjectSchema.parse(live) };
}

function neighbour(number: number): string {
  return machine.endpoint.host.replace(/\d+$/, String(number));
}

function routes(): Promise<string> {
  return machine
    .inside('ip route show | awk \'$2 == "via" && $1 != "default" {print $1, $2, $3}\'')
    .then((text) => text.trim());
}
