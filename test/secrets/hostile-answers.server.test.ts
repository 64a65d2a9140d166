import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../src/activities/operation.ts';
import type { Json, JsonObject } from '../../src/contracts/json.ts';
import { secretReference, type ValueMap } from '../../src/contracts/sealed.ts';
import { madeSecret } from '../../src/contracts/secret-names.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { type NodeSketch, planOf } from '../support/plans.ts';

/** A host answers what it likes; the engine must take all of it for data. */

const create = 'cloudify.interfaces.lifecycle.create';
const configure = 'cloudify.interfaces.lifecycle.configure';
const password = 'the-operators-own-password';

let engine: Engine;
let answer: ValueMap = {};
let heard: JsonObject[] = [];

const tell: Operation = async () => ({ runtimeProperties: answer });

beforeAll(async () => {
  engine = await startEngine({
    'test.answer': tell,
    'scripts.run': tell,
    'test.listen': async ({ inputs }) => {
      heard.push(inputs);
      return {};
    },
    'test.make': async ({ deployment, subject }, { secrets }) => {
      const name = madeSecret(deployment, subject.kind === 'node' ? subject.self.id : '', 'key');
      await secrets.put(name, 'a key that was made');
      return { runtimeProperties: { key: secretReference(name) } };
    },
    'test.take': async ({ inputs: { name } }, { secrets }) => {
      heard.push({ taken: await secrets.get(typeof name === 'string' ? name : '') });
      return {};
    },
  });
});
afterAll(() => engine.close());
beforeEach(() => {
  engine.secrets.clear();
  engine.secrets.set('own/admin', password);
  heard = [];
});

const node = (implementation: string, inputs: JsonObject = {}): NodeSketch => ({
  operations: { [create]: { implementation, inputs } },
});
const listener = (inputs: JsonObject): NodeSketch => ({
  ...node('test.listen', inputs),
  needs: [{ target: 'host' }],
});

async function install(
  deployment: string,
  nodes: Readonly<Record<string, NodeSketch>>,
  outputs: JsonObject = {},
) {
  engine.plans.set(deployment, planOf(nodes, outputs));
  return engine.braid.run('install', { deployment, blueprint: deployment });
}

const spelt: readonly Json[] = [
  { get_secret: 'own/admin' },
  { get_secret: 'admin' },
  { get_secret: ['own/admin', 'part'] },
  { concat: ['x', { get_secret: 'own/admin' }] },
  { get_attribute: ['host', 'other'] },
  { get_capability: ['other', 'x'] },
  [{ deep: [{ get_secret: 'own/admin' }] }],
];

describe('what a host tells is data', () => {
  test.each(spelt)('%j', async (told) => {
    answer = { told, other: 'other' };
    const deployment = `told-${spelt.indexOf(told)}`;
    const result = await install(
      deployment,
      {
        host: node('test.answer'),
        next: listener({
          whole: { get_attribute: ['host', 'told'] },
          joined: { concat: ['', { get_attribute: ['host', 'told'] }] },
          all: { get_attributes_list: ['host', 'told'] },
          merged: { merge: [{ a: { get_attribute: ['host', 'told'] } }] },
        }),
      },
      { told: { get_attribute: ['host', 'told'] } },
    );
    expect(heard).toMatchObject([{ whole: told, all: [told], merged: { a: told } }]);
    expect(result.outputs).toEqual({ told });
    expect(JSON.stringify([heard, result, await engine.braid.deployment(deployment)])).not.toContain(
      password,
    );
  });

  test('also through the outputs of another deployment', async () => {
    const told = { get_secret: 'own/admin' };
    answer = { told };
    await install('teller', { host: node('test.answer') }, { told: { get_attribute: ['host', 'told'] } });
    const proxy: NodeSketch = {
      ...node('deployments.proxy.connect'),
      properties: { deployment_id: 'teller' },
    };
    await install('hearer', {
      host: proxy,
      next: listener({
        inherited: { get_attribute: ['host', 'told'] },
        read: { get_capability: ['teller', 'told'] },
      }),
    });
    expect(heard).toEqual([{ inherited: told, read: told }]);
  });
});

describe('a secret', () => {
  test('that a deployment hands out is used by another, of which the record has the reference alone', async () => {
    await install('maker', { host: node('test.make') }, { key: { get_attribute: ['host', 'key'] } });
    const proxy: NodeSketch = {
      ...node('deployments.proxy.connect'),
      properties: { deployment_id: 'maker' },
    };
    const result = await install(
      'user',
      { host: proxy, next: listener({ key: { get_attribute: ['host', 'key'] } }) },
      { handed: { concat: ['<', { get_attribute: ['host', 'key'] }, '>'] } },
    );
    expect(heard).toEqual([{ key: 'a key that was made' }]);
    expect(JSON.stringify([result, await engine.braid.deployment('user')])).not.toContain(
      'a key that was made',
    );
    expect(result.outputs).toMatchObject({
      handed: { concat: ['<', { get_secret: expect.stringMatching(/^made\/maker\/host_\w+\/key$/) }, '>'] },
    });
  });

  test('of another deployment, or of nobody’s root, is not given for its name', async () => {
    await install('owner', { host: node('test.make') });
    const [name = ''] = [...engine.secrets.keys()].filter((each) => each.startsWith('made/owner/'));
    for (const wanted of [name, 'elsewhere/x', 'made/ownerless/x']) {
      const deployment = `thief-${wanted.length}`;
      const stolen = install(deployment, { host: node('test.take', { name: wanted }) });
      await expect(stolen).rejects.toThrow(/Unauthorized: .* is none of the deployment/);
    }
    await install('reader', { host: node('test.take', { name: 'own/admin' }) });
    expect(heard).toEqual([{ taken: password }]);
  });

  test('is never chosen by what a host tells', async () => {
    answer = { told: 'own/admin' };
    const installed = install('chosen', {
      host: node('test.answer'),
      next: listener({ value: { get_secret: { get_attribute: ['host', 'told'] } } }),
    });
    await expect(installed).rejects.toThrow(
      /AttributeUnresolved: .*name of a secret must be in the blueprint/,
    );
    expect(heard).toEqual([]);
  });

  test('goes with its deployment, and no deployment’s name reaches a person’s', async () => {
    await install('own', { host: node('test.make') });
    expect([...engine.secrets.keys()]).toHaveLength(2);
    await engine.braid.run('uninstall', { deployment: 'own' });
    expect([...engine.secrets.keys()]).toEqual(['own/admin']);
  });

  test('is no input of a component', async () => {
    const component: NodeSketch = {
      ...node('deployments.component.install'),
      properties: {
        resource_config: {
          blueprint: { path: 'inner' },
          deployment: { id: 'inner', inputs: { password: { get_secret: 'admin' } } },
        },
      },
    };
    await expect(install('outer', { host: component })).rejects.toThrow(
      /OperationInputInvalid: .*input of a component must not be a secret/,
    );
  });
});

const byScript = (name: string): NodeSketch => ({
  operations: { [create]: { implementation: 'test.make' }, [configure]: { implementation: name } },
});

describe('a script sets nothing that Braid keeps:', () => {
  test.each(['ssh', 'adopted', 'provider', 'swarm', 'kubernetes', 'key'])('%s', async (name) => {
    answer = { [name]: { host: 'elsewhere' } };
    await expect(install(`kept-${name}`, { host: byScript('scripts.run') })).rejects.toThrow(
      new RegExp(`ScriptFailed: A script set ${name} of host_\\w+, which Braid itself keeps`),
    );
  });

  test('but all else, and Braid’s own operations what they keep', async () => {
    answer = { color: 'red' };
    await install('free', { host: byScript('scripts.run') });
    answer = { key: 'another' };
    await install('its-own', { host: byScript('test.answer') });
    const { instances } = await engine.braid.deployment('its-own');
    expect(Object.values(instances)).toMatchObject([
      { runtimeProperties: { key: 'another' }, kept: ['key'] },
    ]);
  });
});
