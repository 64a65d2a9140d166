import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { Tools } from '../../../src/activities/operation.ts';
import { keepConnections } from '../../../src/activities/ssh/kept-connections.ts';
import type { SshPool } from '../../../src/activities/ssh/pool.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { HostView, OperationContext } from '../../../src/contracts/operation.ts';
import { startMachine, type TestMachine } from '../../support/machine.ts';
import { blueprintOf, hostView, nodeContext, secretsInMemory } from '../../support/operation.ts';
import { operationTools } from '../../support/tools.ts';

/** A machine for the file, and for each test an instance on it, an empty blueprint and secret store. */
export type ScriptBench = {
  readonly machine: TestMachine;
  readonly restartMachine: () => Promise<void>;
  /** The blueprint's, by path. */
  readonly files: Record<string, string>;
  readonly secrets: Map<string, string>;
  readonly logged: string[];
  readonly self: () => { readonly id: string; readonly host: HostView };
  readonly tools: (signal?: AbortSignal, pool?: SshPool) => Tools;
  /** A script operation with these inputs. */
  readonly context: (inputs: JsonObject, more?: Partial<OperationContext>) => OperationContext;
  /** The same for the text of a script. */
  readonly script: (text: string, inputs?: JsonObject, more?: Partial<OperationContext>) => OperationContext;
  /** Waits until the command on the machine ends well. */
  readonly until: (command: string) => Promise<void>;
};

export function useScriptBench(): ScriptBench {
  const never = new AbortController().signal;
  const ssh = keepConnections();
  let machine: TestMachine | undefined;
  let number = 0;
  const there = (): TestMachine => {
    if (machine === undefined) throw new Error('the machine is not there yet');
    return machine;
  };
  const bench: ScriptBench = {
    get machine() {
      return there();
    },
    restartMachine: async () => {
      machine = await there().restart();
    },
    files: {},
    secrets: new Map(),
    logged: [],
    self: () => ({ id: `web_${number}`, host: hostView(there().runtimeProperties) }),
    tools: (signal = never, pool = ssh) =>
      operationTools({
        ssh: pool,
        secrets: secretsInMemory(bench.secrets),
        blueprints: blueprintOf(bench.files),
        signal,
        log: (message) => void bench.logged.push(message),
      }),
    context: (inputs, more) => {
      const self = { ...bench.self(), properties: { port: 80 }, runtimeProperties: { old: 'o' } };
      return nodeContext(self, inputs, { idempotencyKey: `key-${number}`, ...more });
    },
    script: (text, inputs = {}, more = {}) => bench.context({ script_source: text, ...inputs }, more),
    until: async (command) => {
      const ask = () => there().inside(`(${command}) >/dev/null 2>&1 && echo yes || true`);
      await expect.poll(ask, { timeout: 20_000, interval: 30 }).toBe('yes\n');
    },
  };
  beforeAll(async () => {
    machine = await startMachine();
  });
  afterAll(async () => {
    await ssh.close();
    await machine?.remove();
  });
  beforeEach(() => {
    number += 1;
    bench.secrets.clear();
    bench.logged.length = 0;
    for (const path of Object.keys(bench.files)) delete bench.files[path];
  });
  return bench;
}
