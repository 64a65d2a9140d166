import { randomBytes } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { ensureEngine } from '../../lab/engine.ts';
import { countObjects, labLabel, listLabObjects, removeLabObjects } from '../../lab/objects.ts';

const engine = await ensureEngine({ yes: false, note: () => undefined });
const own = `test-${randomBytes(4).toString('hex')}`;
const foreign = `${own}-other`;

afterEach(async () => {
  await removeLabObjects(own, engine);
  await removeLabObjects(foreign, engine);
});

it('removes all that carries the lab’s label, and nothing else', async () => {
  for (const lab of [own, foreign]) {
    await engine.createNetwork({ Name: `${lab}-net`, Labels: { [labLabel]: lab } });
    await engine.createVolume({ Name: `${lab}-volume`, Labels: { [labLabel]: lab } });
    const container = await engine.createContainer({
      name: `${lab}-machine`,
      Image: 'braid/router:1',
      Entrypoint: ['sleep', '600'],
      Labels: { [labLabel]: lab },
      HostConfig: { NetworkMode: `${lab}-net`, Binds: [`${lab}-volume:/data`] },
    });
    await container.start();
  }
  expect(await listLabObjects(own, engine)).toEqual({
    containers: [`${own}-machine`],
    networks: [`${own}-net`],
    volumes: [`${own}-volume`],
  });

  const removed = await Promise.all([removeLabObjects(own, engine), removeLabObjects(own, engine)]);
  expect(removed.every((objects) => countObjects(objects) <= 3)).toBe(true);
  expect(countObjects(await listLabObjects(own, engine))).toBe(0);
  expect(countObjects(await listLabObjects(foreign, engine))).toBe(3);
});
