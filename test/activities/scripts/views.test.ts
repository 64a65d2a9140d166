import { expect, test } from 'vitest';
import { contextForScript } from '../../../src/activities/scripts/views.ts';
import { hostView, instanceView } from '../../support/operation.ts';
import { contextWith } from '../../support/references.ts';

const secrets = new Map([
  ['made/chain/db_1/script/password', 'the password of the database'],
  ['own/licence', 'the licence'],
  ['made/chain/machine_x1/ssh-key', 'the key of the machine'],
]);
const ssh = { host: '10.0.0.1', user: 'ops', key: { get_secret: 'made/chain/machine_x1/ssh-key' } };
const host = hostView({ ip: '10.0.0.1', ssh });
const db = instanceView({
  id: 'db_1',
  node: 'db',
  host,
  properties: { licence: { get_secret: 'own/licence' } },
  runtimeProperties: { ssh, password: { get_secret: 'made/chain/db_1/script/password' } },
});

test('a script is told the names of its own and the other side’s secrets, and no value', () => {
  const context = contextWith(
    {
      deployment: 'chain',
      execution: 'install:chain:1',
      blueprint: '',
      operation: 'cloudify.interfaces.relationship_lifecycle.establish',
      implementation: 'scripts.run',
      idempotencyKey: 'key',
      adopt: false,
      inputs: {},
      subject: {
        kind: 'relationship',
        side: 'source',
        relationship: { type: 'r', typeHierarchy: ['r'], properties: {} },
        source: instanceView({ id: 'web_1', host }),
        target: db,
      },
    },
    secrets,
  );
  expect(JSON.stringify(context.subject)).toContain('the password of the database');
  const told = contextForScript(context, {}, 1);
  for (const value of secrets.values()) expect(JSON.stringify(told)).not.toContain(value);
  expect(told).toMatchObject({
    views: { target: { properties: { licence: { get_secret: 'own/licence' } }, host_ip: '10.0.0.1' } },
  });
});
