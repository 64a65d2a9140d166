import { randomBytes } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { removeLab, status, up } from '../../lab/lab.ts';
import { createReporter } from '../../lab/report.ts';

const lab = inject('lab');
const lines: string[] = [];
const report = createReporter({ write: (line) => lines.push(line) });
const second = `test-${randomBytes(4).toString('hex')}`;

afterAll(() => removeLab(second, report));

it('is up and says where everything is', async () => {
  expect(await status(lab.name)).toMatchObject({
    name: lab.name,
    engine: true,
    temporal: lab.temporal,
    temporalHealthy: true,
    worker: true,
  });
});

it('goes on from what is there', async () => {
  const pids = () =>
    Promise.all(
      ['temporal', 'guard-ui', 'worker'].map((name) => readFile(join(lab.folder, `${name}.pid`), 'utf8')),
    );
  const before = await pids();
  expect(await up({ name: lab.name, report, yes: false })).toEqual(lab);
  expect(await pids()).toEqual(before);
});

it('lives beside another, which leaves nothing behind', async () => {
  const other = await up({ name: second, report, yes: false });
  expect(other.temporal.address).not.toBe(lab.temporal.address);
  expect((await status(second)).worker).toBe(true);

  await removeLab(second, report);
  expect(await status(second)).toMatchObject({ temporal: undefined, worker: false });
  await expect(access(other.folder)).rejects.toThrow('ENOENT');
  expect(await status(lab.name)).toMatchObject({ temporalHealthy: true, worker: true });
  expect(lines.join('')).toContain(`lab ${second}: taken down`);
});
