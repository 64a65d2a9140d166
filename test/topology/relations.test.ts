import { expect, it } from 'vitest';
import { containedSubgraph } from '../../src/topology/containment.ts';
import { sourcesByTarget } from '../../src/topology/sources.ts';

it('what is contained in an instance is found at any depth, and nothing beside it', () => {
  const instances = [
    { id: 'file', containedIn: 'app' },
    { id: 'app', containedIn: 'host' },
    { id: 'host', containedIn: null },
    { id: 'other', containedIn: 'else' },
  ];
  expect([...containedSubgraph(instances, 'host')].toSorted()).toEqual(['app', 'file', 'host']);
  expect([...containedSubgraph(instances, 'file')]).toEqual(['file']);
});

it('the sources of a target are told once each', () => {
  const sources = sourcesByTarget([
    { id: 'a', relationships: to('x', 'y', 'x') },
    { id: 'b', relationships: to('x') },
    { id: 'x', relationships: [] },
  ]);
  expect(Object.fromEntries([...sources].map(([target, of]) => [target, [...of]]))).toEqual({
    x: ['a', 'b'],
    y: ['a'],
  });
});

function to(...targets: string[]) {
  return targets.map((target, position) => ({ position, target }));
}
