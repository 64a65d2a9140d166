import { CancelledFailure } from '@temporalio/common';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { runScript } from '../../../src/activities/scripts/operation.ts';
import type { OperationContext } from '../../../src/contracts/operation.ts';
import { useScriptBench } from './bench.ts';

/** What lies on a machine of a secret that a script is given, while it runs and afterwards, and who reads it. */

const bench = useScriptBench();
const secret = 'sesame-given';
const noUnits = '[ "$(systemctl list-units --all --plain --no-legend "braid-run-*" | wc -l)" = 0 ]';

beforeAll(async () => {
  await bench.machine.inside('useradd --create-home mallory');
});
afterEach(async () => {
  await bench.machine.inside('systemctl kill --kill-who=all --signal=KILL "braid-run-*" || true');
});

/** Its secret comes by the environment, as an argument, by a file of the blueprint and in what it prints. */
function given(name: string, end: string, more: Partial<OperationContext> = {}): OperationContext {
  bench.files['conf/token'] = secret;
  bench.files['go.sh'] = [
    `#!/bin/sh`,
    `# ${secret}`,
    'echo "it was given $token and $1"',
    'ctx get-resource conf/token',
    `echo began >/tmp/${name}`,
    end,
  ].join('\n');
  return bench.context(
    { script_path: 'go.sh', token: secret, process: { args: [secret] } },
    { operation: name, idempotencyKey: name, ...more },
  );
}

const waits = (name: string): string => `while [ ! -e /tmp/${name}.go ]; do sleep 0.05; done`;

/** Files anywhere on the machine that hold the secret, for root. */
function found(): Promise<string> {
  return bench.machine.inside(
    `{ grep -rlaI --devices=skip --exclude-dir=proc --exclude-dir=sys --exclude-dir=cgroup -e ${secret} / 2>/dev/null
       journalctl --no-pager --quiet | grep -F ${secret}; } || echo nothing`,
  );
}

function asMallory(command: string): Promise<string> {
  return bench.machine.inside(`su mallory -c '${command}' 2>/dev/null || true`);
}

describe('while a script runs', () => {
  test('another user reads nothing of it, and on disk there is nothing', async () => {
    const run = runScript(given('watched', waits('watched')), bench.tools());
    await bench.until('test -e /tmp/watched');
    const onDisk = await bench.machine.inside(
      `grep -rla ${secret} /var/lib/braid-runs /var/tmp /home /root /etc || echo nothing`,
    );
    const read = await asMallory(
      `ls -R /run/braid /run/braid-runs /var/lib/braid-runs; grep -rla ${secret} /run /var /tmp /home; cat /proc/[0-9]*/environ | grep -ac ${secret}`,
    );
    const ours = await bench.machine.inside(`grep -rla ${secret} /run/braid-runs /run/braid | wc -l`);
    await bench.machine.inside('touch /tmp/watched.go');
    await run;
    expect(onDisk).toBe('nothing\n');
    expect(read).toBe('0\n');
    expect(Number(ours)).toBeGreaterThan(2);
  });

  test('another user holds up nothing by locks', async () => {
    const run = runScript(given('held', waits('held')), bench.tools());
    await bench.until('test -e /tmp/held');
    await bench.machine.inside(
      `su mallory -c 'for path in $(find /run /var/lib /tmp /etc/systemd -maxdepth 3 -readable 2>/dev/null); do
         setsid --fork flock --shared --nonblock --no-fork "$path" sleep 6262 >/dev/null 2>&1; done; true'`,
    );
    expect(Number(await bench.machine.inside('pgrep -cxf "sleep 6262"'))).toBeGreaterThan(20);
    try {
      await runScript(given('beside', 'ctx returns done'), bench.tools());
      await bench.machine.inside('touch /tmp/held.go');
      await run;
      await runScript(given('held', 'true', { idempotencyKey: 'held again' }), bench.tools());
    } finally {
      await bench.machine.inside('pkill -xf "sleep 6262"');
    }
  });
});

describe('nothing of it stays', () => {
  test('when it ended well', async () => {
    await runScript(given('well', 'ctx returns done'), bench.tools());
    expect(await found()).toBe('nothing\n');
  });

  test('when it failed', async () => {
    await expect(runScript(given('failed', 'exit 3'), bench.tools())).rejects.toThrow(/status 3/);
    expect(await found()).toBe('nothing\n');
  });

  test('when it cannot be started', async () => {
    const context = given('unstarted', 'true');
    bench.files['go.sh'] = `#!/no/such/shell\n# ${secret}\n`;
    await expect(runScript(context, bench.tools())).rejects.toThrow(/status 127/);
    expect(await found()).toBe('nothing\n');
  });

  test.each([
    ['its unit', 'systemctl kill --kill-who=all --signal=KILL "braid-run-*"'],
    ['the main process of its unit', 'pkill -KILL -f "[r]un.py execute"'],
  ])('when %s was killed', async (_what, kill) => {
    const run = runScript(given('killed', 'exec sleep 6363'), bench.tools());
    const told = run.catch((error: unknown) => error);
    await bench.until('test -e /tmp/killed && pgrep -xf "sleep 6363"');
    await bench.machine.inside(kill);
    expect(await told).toMatchObject({ message: expect.stringContaining('ended from outside') });
    await bench.until(`${noUnits} && ! pgrep -xf "sleep 6363"`);
    expect(await found()).toBe('nothing\n');
    await bench.machine.inside('rm /tmp/killed');
  });

  test('when it was cancelled', async () => {
    const controller = new AbortController();
    const run = runScript(given('cancelled', 'sleep 6464'), bench.tools(controller.signal));
    const told = run.catch((error: unknown) => error);
    await bench.until('test -e /tmp/cancelled');
    controller.abort(new CancelledFailure('CANCELLED'));
    expect(await told).toBeInstanceOf(CancelledFailure);
    await bench.until(noUnits);
    expect(await found()).toBe('nothing\n');
  });

  test('when another execution took its place', async () => {
    const run = runScript(given('superseded', 'sleep 6565'), bench.tools());
    const told = run.catch((error: unknown) => error);
    await bench.until('test -e /tmp/superseded');
    const later = bench.script('true', {}, { operation: 'superseded', idempotencyKey: 'later' });
    await runScript(later, bench.tools());
    expect(await told).toMatchObject({ type: 'Superseded' });
    expect(await found()).toBe('nothing\n');
  });

  test('when nobody came back for it in a day', async () => {
    const controller = new AbortController();
    const run = runScript(given('left', 'true; exit 5'), bench.tools(controller.signal)).catch(
      () => undefined,
    );
    await bench.until('test -e /tmp/left');
    controller.abort(new CancelledFailure('WORKER_SHUTDOWN'));
    await run;
    await bench.until(noUnits);
    await bench.machine.inside('find /run/braid -type d -exec touch -d "2 days ago" {} +');
    await runScript(bench.script('true', {}, { operation: 'other' }), bench.tools());
    expect(await found()).toBe('nothing\n');
  });

  test('of a secret that it made, and says by ctx', async () => {
    const text = 'printf made-of-sesame | ctx instance secret token; ctx returns made-of-sesame';
    await runScript(bench.script(text), bench.tools());
    expect(await bench.machine.inside('grep -rla made-of-sesame /run /var /tmp /home || echo nothing')).toBe(
      'nothing\n',
    );
  });
});

test('what it says by ctx of a secret that it was given is told once, and does not stay', async () => {
  const redact = (text: string): string => text.replaceAll(secret, '[secret]');
  const context = given('says', 'ctx returns "it has $token"');
  const run = () => runScript(context, { ...bench.tools(), redact });
  expect((await run()).result).toBe(`it has ${secret}`);
  expect(await found()).toBe('nothing\n');
  expect((await run()).result).toBe('it has [secret]');
});

describe('what a script leaves where it says things', () => {
  test('shows nothing that is root’s by a link', async () => {
    const text = [
      'cd "$BRAID_CONTEXT"; rm -rf secrets changes',
      'ln -s /etc secrets; ln -s /etc/shadow changes',
      'exit 0',
    ].join('\n');
    const run = runScript(bench.script(text), bench.tools());
    await expect(run).rejects.toMatchObject({
      type: 'ScriptFailed',
      message: expect.stringMatching(/took away where ctx writes/),
    });
    expect([...bench.secrets.keys()]).toEqual([]);
  });

  test('is no pipe that is waited for', async () => {
    const text = 'cd "$BRAID_CONTEXT"; rm changes; mkfifo changes secrets/self:a; exit 0';
    await expect(runScript(bench.script(text), bench.tools())).rejects.toThrow(/took away where ctx writes/);
  });

  test('is bounded', async () => {
    const text = 'cd "$BRAID_CONTEXT"; yes \'{"log": "x", "level": "info"}\' | head -c 2000000 >changes';
    await expect(runScript(bench.script(text), bench.tools())).rejects.toThrow(/more than 512 KiB by ctx/);
  });
});

describe('what a script prints', () => {
  test('is bounded while it runs, and its end is told', async () => {
    const text = [
      'yes "a line that fills the memory" | head -c 200000000; echo the end',
      'ctx returns "$(du -sk /run | cut -f1)"; exit 3',
    ].join('\n');
    const before = Number(await bench.machine.inside('du -sk /run | cut -f1'));
    const run = runScript(bench.script(text, { use_sudo: true }), bench.tools());
    await expect(run).rejects.toThrow(/status 3.*the end$/s);
    const told = Number(
      await bench.machine.inside(
        'grep -o \'"returns": "[0-9]*\' /var/lib/braid-runs/*/status.json | tail -c 8 | tr -dc 0-9',
      ),
    );
    expect(told - before).toBeLessThan(4_000);
  });

  test('may go on in the background', async () => {
    await runScript(
      bench.script('(while :; do echo on; sleep 0.05; done) &\necho $! >/tmp/background'),
      bench.tools(),
    );
    const again = bench.script('true', {}, { idempotencyKey: 'another' });
    await runScript(again, bench.tools());
    const on = 'sleep 0.5; kill "$(cat /tmp/background)" && echo it went on';
    expect(await bench.machine.inside(on)).toBe('it went on\n');
    await bench.until('! pgrep -x cat');
  });
});

test('a machine on which nothing below /run may be run has scripts run all the same', async () => {
  await bench.machine.inside('rm -rf /run/braid-runs; mount -o remount,noexec /run');
  try {
    const { result } = await runScript(
      bench.script('#!/bin/sh\nctx returns "$(ctx instance id)"'),
      bench.tools(),
    );
    expect(result).toBe(bench.self().id);
    expect(await bench.machine.inside('stat -c "%a %U" /run/braid-runs')).toBe('711 root\n');
  } finally {
    await bench.machine.inside('umount /run/braid-runs; mount -o remount,exec /run');
  }
});
