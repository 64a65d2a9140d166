import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceRecord } from '../../src/contracts/record.ts';
import { expand } from '../../src/topology/expand.ts';
import { planOf } from '../support/plans.ts';

const numbered = () => {
  let count = 0;
  return () => String((count += 1));
};
const idsOf = (instances: readonly InstanceRecord[], node: string) =>
  instances.filter((each) => each.node === node).map(({ id }) => id);

describe('the instances of a plan', () => {
  it('are as many as told in each of their containers', () => {
    const plan = planOf({
      host: { compute: true, instances: 2 },
      app: { instances: 3, needs: [{ target: 'host', contained: true }] },
      file: { instances: 2, needs: [{ target: 'app', contained: true }] },
    });
    const instances = expand(plan, numbered());
    expect(['host', 'app', 'file'].map((node) => idsOf(instances, node).length)).toEqual([2, 6, 12]);
    for (const each of instances.filter(({ node }) => node !== 'host')) {
      expect(each.relationships).toEqual([{ position: 0, target: each.containedIn }]);
    }
    const hosts = idsOf(instances, 'host');
    expect(hosts.map((host) => instances.filter((each) => each.host === host).length)).toEqual([10, 10]);
  });

  it('are connected to all instances of a target, or to one', () => {
    const one = { connection_type: 'all_to_one' };
    const plan = planOf({
      server: { instances: 3 },
      all: { instances: 2, needs: ['server'] },
      single: { instances: 2, needs: [{ target: 'server', properties: one }] },
    });
    const instances = expand(plan, numbered());
    const targetsOf = (node: string) =>
      instances.filter((each) => each.node === node).map(({ relationships }) => relationships.length);
    expect(targetsOf('all')).toEqual([3, 3]);
    expect(targetsOf('single')).toEqual([1, 1]);
    const chosen = instances
      .filter(({ node }) => node === 'single')
      .map((each) => each.relationships[0]?.target);
    expect(new Set(chosen).size).toBe(1);
  });

  it('keep the order of a node’s relationships', () => {
    const plan = planOf({ a: {}, z: {}, top: { needs: ['z', 'a'] } });
    const top = expand(plan, numbered()).find(({ node }) => node === 'top');
    expect(top?.relationships.map(({ target }) => target.split('_')[0])).toEqual(['z', 'a']);
  });

  it('are none of a node with no instances, nor in it', () => {
    const plan = planOf({
      host: { instances: 0 },
      app: { needs: [{ target: 'host', contained: true }] },
      user: { needs: ['app'] },
    });
    const instances = expand(plan, numbered());
    expect(instances.map(({ node, relationships }) => [node, relationships])).toEqual([['user', []]]);
  });

  it('have ids of their own although suffixes repeat', () => {
    let call = 0;
    const repeating = () => String(Math.floor((call += 1) / 3));
    const ids = expand(planOf({ a: { instances: 20 } }), repeating).map(({ id }) => id);
    expect(new Set(ids).size).toBe(20);
  });
});

/** Any plan without cycles: a node needs only nodes before it, and is contained in one at most. */
const plans = fc
  .array(
    fc.record({
      instances: fc.integer({ min: 0, max: 3 }),
      needs: fc.array(fc.nat(20), { maxLength: 3 }),
      container: fc.option(fc.nat(20)),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((sketches) =>
    planOf(
      Object.fromEntries(
        sketches.map(({ instances, needs, container }, index) => [
          `n${index}`,
          {
            instances,
            needs: [
              ...(container === null || container >= index
                ? []
                : [{ target: `n${container}`, contained: true }]),
              ...needs.filter((need) => need < index && need !== container).map((need) => `n${need}`),
            ],
          },
        ]),
      ),
    ),
  );

describe('whatever the plan, its instances', () => {
  it('have unique ids, come after their targets, and only name instances that there are', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const seen = new Set<string>();
        for (const { id, containedIn, relationships, state } of expand(plan, numbered())) {
          expect(seen.has(id)).toBe(false);
          for (const { target } of relationships) expect(seen.has(target)).toBe(true);
          expect([null, relationships[0]?.target]).toContain(containedIn);
          expect(state).toBe('uninitialized');
          seen.add(id);
        }
      }),
    );
  });

  it('are as many as the product of the counts along contained_in', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const instances = expand(plan, numbered());
        for (const name of Object.keys(plan.nodes)) {
          expect(idsOf(instances, name).length).toBe(product(plan, name));
        }
      }),
    );
  });
});

function product(plan: ReturnType<typeof planOf>, name: string): number {
  const node = plan.nodes[name];
  if (node === undefined) return 0;
  const container = node.relationships.find(({ type }) => type.endsWith('contained_in'));
  return node.instances.default * (container === undefined ? 1 : product(plan, container.target));
}
