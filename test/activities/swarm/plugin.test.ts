import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { operations } from '../../../src/activities/swarm/index.ts';

const text = readFileSync(new URL('../../../src/activities/swarm/plugin.yaml', import.meta.url), 'utf8');

test('every operation that the types name is offered, and no other', () => {
  const named = [...text.matchAll(/implementation: (\S+)/g)].map((found) => found[1]);
  expect(new Set(named)).toEqual(new Set(Object.keys(operations)));
});

test('the types are those that blueprints know', () => {
  const plugin: unknown = parse(text);
  expect(plugin).toMatchObject({
    plugins: { swarm: {} },
    node_types: {
      'cloudify.swarm.Manager': {},
      'cloudify.swarm.Microservice': {},
      'cloudify.swarm.Container': {},
      'cloudify.swarm.Port': { properties: { mode: { default: 'host' } } },
      'cloudify.swarm.Volume': {},
    },
  });
});
