import { join } from 'node:path';
import { openStore } from '../../src/store/store.ts';
import { root } from '../support/processes.ts';

/** Uses the store in the folder as a worker of that name, and prints what every one must see alike. */

const [, , folder = '', name = ''] = process.argv;
const key = Buffer.alloc(32, 'k').toString('base64');
const { secrets, values, blueprints } = await openStore(folder, join(root, 'blueprints'), { key });

const made: string[] = [];
for (let round = 0; round < 50; round += 1) {
  made.push(await secrets.ensure(`chain/host/${round}`, async () => `${name} of ${round}`));
  await secrets.put(`passing/${name}`, 'x'.repeat(10_000));
  await secrets.put('replaced/by-all', name.repeat(5_000));
  const whole = await secrets.get('replaced/by-all');
  if (!['one', 'two', 'three'].some((each) => whole === each.repeat(5_000))) throw new Error('half a secret');
  await secrets.remove(`passing/${name}`);
}
const large = { lines: Array.from({ length: 2_000 }, (_, index) => `line ${index}`) };
const reference = await values.put(large);
const read = JSON.stringify(await values.get(reference)).length;
const blueprint = await blueprints.put('hybrid-service-chain/chain.yaml');
const files = await blueprints.list(blueprint.reference);
console.log(JSON.stringify({ made, reference, read, blueprint, files }));
