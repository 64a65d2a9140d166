import { CancelledFailure } from '@temporalio/common';
import { expect, test, describe } from 'vitest';
import { runScript } from '../../../src/activities/scripts/operation.ts';
import { useScriptBench } from './bench.ts';

const bench = useScriptBench();
const noUnits = '[ "$(systemctl list-units --all --plain --no-legend "braid-run-*" | wc -l)" = 0 ]';

describe('a step that is disturbed', () => {
  test('goes on when the connection breaks, and the retry attaches to it', async () => {
    const lost = runScript(bench.script(slow('lost')), bench.tools()).catch((error: unknown) => error);
    await bench.until('test -e /tmp/lost');
    await bench.machine.inside('pkill -KILL -xf "sshd: debian(@notty)?"');
    expect(await lost).toMatchObject({ type: 'Unreachable', nonRetryable: false });
    const again = runScript(bench.script(slow('lost')), bench.tools());
    await bench.until('pgrep -f "python3 -I -S -c"');
    await bench.machine.inside('touch /tmp/lost.go');
    expect((await again).result).toBe('done');
    expect(await bench.machine.inside('cat /tmp/lost')).toBe('started\n');
  });

  test('is left running by a worker that shuts down', async () => {
    const controller = new AbortController();
    const first = runScript(bench.script(slow('shutdown')), bench.tools(controller.signal)).catch(
      (error: unknown) => error,
    );
    await bench.until('test -e /tmp/shutdown');
    controller.abort(new CancelledFailure('WORKER_SHUTDOWN'));
    expect(await first).toBeInstanceOf(CancelledFailure);
    await bench.machine.inside('touch /tmp/shutdown.go');
    expect((await runScript(bench.script(slow('shutdown')), bench.tools())).result).toBe('done');
    expect(await bench.machine.inside('cat /tmp/shutdown')).toBe('started\n');
  });

  test('gives a result that nobody took to the retry', async () => {
    const controller = new AbortController();
    const first = runScript(bench.script(slow('kept')), bench.tools(controller.signal)).catch(
      (error: unknown) => error,
    );
    await bench.until('test -e /tmp/kept');
    controller.abort(new CancelledFailure('WORKER_SHUTDOWN'));
    await first;
    await bench.machine.inside('touch /tmp/kept.go');
    await bench.until(`ls /var/lib/braid-runs/*/status.json && ${noUnits}`);
    expect((await runScript(bench.script(slow('kept')), bench.tools())).result).toBe('done');
    expect((await runScript(bench.script(slow('kept')), bench.tools())).result).toBe('done');
    expect(await bench.machine.inside('cat /tmp/kept')).toBe('started\n');
  });

  test('gives way to another execution of it', async () => {
    const old = runScript(bench.script(slow('old')), bench.tools()).catch((error: unknown) => error);
    await bench.until('test -e /tmp/old');
    await bench.machine.inside('touch /tmp/new.go');
    const newer = await runScript(
      bench.script(slow('new'), {}, { idempotencyKey: 'another execution' }),
      bench.tools(),
    );
    expect(newer.result).toBe('done');
    expect(await old).toMatchObject({ type: 'Superseded', nonRetryable: true });
    expect(await bench.machine.inside('pgrep -c sleep || true')).toBe('0\n');
  });

  test('runs anew when its machine went down in the middle', async () => {
    // In the home folder: what is in /tmp does not outlive the machine.
    const text = 'echo started >>~/tries; [ "$(wc -l <~/tries)" = 1 ] && exec sleep 600; ctx returns done';
    const before = runScript(bench.script(text), bench.tools()).catch((error: unknown) => error);
    await bench.until('test -e /home/debian/tries');
    await bench.restartMachine();
    expect(await before).toMatchObject({ nonRetryable: false });
    expect((await runScript(bench.script(text), bench.tools())).result).toBe('done');
    expect(await bench.machine.inside('cat /home/debian/tries')).toBe('started\nstarted\n');
  });
});

test('a machine without python3 or systemd says so', async () => {
  await bench.machine.inside('mv /usr/bin/python3 /usr/bin/python3-aside');
  try {
    await expect(runScript(bench.script('true'), bench.tools())).rejects.toThrow(
      /has no python3.*needs systemd and python3/,
    );
  } finally {
    await bench.machine.inside('mv /usr/bin/python3-aside /usr/bin/python3');
  }
});

/** Runs until it is told to go, and tells how often it was started. */
function slow(name: string): string {
  return `echo started >>/tmp/${name}; while [ ! -e /tmp/${name}.go ]; do sleep 0.05; done; ctx returns done`;
}
