import { Client, Connection } from '@temporalio/client';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { createBraid } from '../../src/client/braid.ts';
import { dataConverter } from '../../src/connection/data-converter.ts';
import { commandsOf, pageAt, pathWith, runPrinted } from './printed.ts';

/** docs/blueprint-by-example.md, read by somebody who types all of it. */

const lab = inject('lab');
const commands = commandsOf(pageAt('docs/blueprint-by-example.md'));
const places = {
  '127.0.0.1:7233': lab.temporal.address,
  'braid lab up': `braid lab up --name ${lab.name}`,
  'io.braid.lab=demo': `io.braid.lab=${lab.name}`,
};
const environment = { PATH: pathWith() };

/** The block that takes the machine away ends with a check that finds it gone. */
const statusOf = (block: string): number => (block.startsWith('docker rm') ? 1 : 0);

/** What the page says that each of these shows. */
const shown: readonly (readonly [RegExp, RegExp])[] = [
  [/^npx braid plan/m, /^4 node instances, of 4 node templates\n {2}network_1 {2}braid.nodes.Network/m],
  [/^npx braid install/, /^hello is installed: 4 node instances\.\n {2}url {2}http:\/\/10.50.0.10:8000\/$/m],
  [/^curl/, /^Hello from Braid$/m],
  [/^docker rm/, /^✗ host_\w+ {2}machine hello-host-\w+ is absent$/m],
  [/^npx braid heal/, /^Hello from Braid$/m],
];

afterAll(async () => {
  const connection = await Connection.connect({ address: lab.temporal.address });
  const client = new Client({ connection, namespace: lab.temporal.namespace, dataConverter });
  const braid = createBraid({ client, taskQueue: 'braid' });
  const left = (await braid.deployments()).some(({ deployment }) => deployment === 'hello');
  if (left) await braid.run('uninstall', { deployment: 'hello', force: true });
  await connection.close();
});

describe('a blueprint by example', () => {
  test.each(commands.map((block, index) => [block.trimEnd().split('\n').at(-1) ?? '', index] as const))(
    '%s',
    async (_last, index) => {
      const block = commands[index] ?? '';
      const ran = await runPrinted(block, { before: commands.slice(0, index), places, environment });
      expect(ran).toMatchObject({ status: statusOf(block) });
      const pictures = shown.filter(([command]) => command.test(block)).map(([, picture]) => picture);
      for (const picture of pictures) expect(ran.stdout).toMatch(picture);
    },
  );

  test('each of the pictures of the page was looked at', () => {
    const looked = shown.filter(([command]) => commands.some((block) => command.test(block)));
    expect(looked).toHaveLength(shown.length);
  });
});
