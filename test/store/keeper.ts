import { createInterface } from 'node:readline';
import { reasonOf } from '../../src/contracts/reason.ts';
import { openStore } from '../../src/store/store.ts';

/** A worker's store, opened once: does what each line of standard input says, and prints how that went. */

const [, , state = ''] = process.argv;
const { BRAID_SECRET_KEY: key, BRAID_SECRET_OLD_KEYS: oldKeys } = process.env;
const { secrets, values } = await openStore(state, state, {
  key,
  oldKeys: oldKeys === undefined ? [] : [oldKeys],
});
const does: Readonly<Record<string, (name: string, value: string) => Promise<string>>> = {
  get: (name) => secrets.get(name),
  put: async (name, value) => {
    await secrets.put(name, value);
    return 'put';
  },
  plan: async (name) => values.put({ plan: name }),
  read: async (reference) => JSON.stringify(await values.get(reference)),
};

console.log('ready');
let lines = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const [verb = '', name = '', value = ''] = line.split(' ');
  const said = await (does[verb]?.(name, value) ?? Promise.resolve('?')).catch(reasonOf);
  lines += 1;
  console.log(`${lines}: ${said} .`);
}
