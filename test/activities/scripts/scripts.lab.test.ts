import { expect, test, describe } from 'vitest';
import { runScript } from '../../../src/activities/scripts/operation.ts';
import { secretReference } from '../../../src/contracts/sealed.ts';
import { instanceView, nodeContext } from '../../support/operation.ts';
import { useScriptBench } from './bench.ts';

const bench = useScriptBench();
const noUnits = '[ "$(systemctl list-units --all --plain --no-legend "braid-run-*" | wc -l)" = 0 ]';

describe('a script', () => {
  test('of the blueprint runs as the SSH user, with its inputs in the environment', async () => {
    bench.files['scripts/start.sh'] =
      '#!/bin/bash\nset -eu\nctx returns "$(id -un) $HOME $PWD $text $number $list $other $* $0"\n';
    const { result } = await runScript(
      bench.context({
        script_path: 'scripts/start.sh',
        text: "it's",
        number: 7,
        list: ['a', { b: true }],
        other: 'input',
        'not-a-name': 'x',
        process: { env: { other: 'process' }, args: ['one', 2], cwd: '/tmp' },
      }),
      bench.tools(),
    );
    expect(result).toMatch(
      /^debian \/home\/debian \/tmp it's 7 \["a",\{"b":true\}\] process one 2 \/\S+start.sh$/,
    );
  });

  test('runs as root with use_sudo, by its shebang, or by sh without one', async () => {
    const python =
      "#!/usr/bin/python3\nimport os, subprocess\nsubprocess.check_call(['ctx', 'returns', str(os.getuid())])\n";
    expect((await runScript(bench.script(python, { use_sudo: true }), bench.tools())).result).toBe('0');
    const plain = bench.script('ctx returns "$(id -u)"', {}, { idempotencyKey: 'plain' });
    expect((await runScript(plain, bench.tools())).result).toBe('1000');
  });

  test('leaves running what it started in the background, and nothing else', async () => {
    await runScript(bench.script('sleep 5151 >/dev/null 2>&1 &\n'), bench.tools());
    expect(await bench.machine.inside('pgrep -cxf "sleep 5151"')).toBe('1\n');
    await bench.machine.inside('pkill -xf "sleep 5151"');
    await bench.until(noUnits);
    expect(
      await bench.machine.inside(
        'find /run/braid-runs /var/lib/braid-runs/*/files -type f 2>/dev/null || true',
      ),
    ).toBe('');
  });

  test('20 run side by side', async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        runScript(bench.script(`ctx returns ${index}`, {}, { operation: `step.${index}` }), bench.tools()),
      ),
    );
    expect(results.map(({ result }) => Number(result))).toEqual(
      Array.from({ length: 20 }, (_, index) => index),
    );
  });
});

describe('a failing script', () => {
  test('tells its status and last lines, and may be tried again', async () => {
    const run = runScript(bench.script('echo one; echo two >&2; exit 3'), bench.tools());
    await expect(run).rejects.toMatchObject({
      type: 'ScriptFailed',
      nonRetryable: false,
      message: expect.stringMatching(/web_\d+ on debian@\S+ ended with status 3. Its last lines:\none\ntwo$/),
    });
  });

  test('is run again by a retry, with the same key', async () => {
    const text = 'echo x >>/tmp/tries; [ "$(wc -l </tmp/tries)" -ge 2 ]';
    await expect(runScript(bench.script(text), bench.tools())).rejects.toMatchObject({
      type: 'ScriptFailed',
    });
    await runScript(bench.script(text), bench.tools());
    expect(await bench.machine.inside('cat /tmp/tries')).toBe('x\nx\n');
  });

  test('is final with a status that says so, by a signal, and when it aborts', async () => {
    const final = { type: 'ScriptFailed', nonRetryable: true };
    const statuses = { non_recoverable_error_exit_codes: [9, 137] };
    await expect(runScript(bench.script('exit 9', statuses), bench.tools())).rejects.toMatchObject(final);
    await expect(
      runScript(bench.script('kill -9 $$', statuses, { idempotencyKey: 'b' }), bench.tools()),
    ).rejects.toMatchObject(final);
    const aborted = bench.script('ctx abort_operation "no disk"; exit 0', {}, { idempotencyKey: 'c' });
    await expect(runScript(aborted, bench.tools())).rejects.toMatchObject({
      ...final,
      message: expect.stringContaining('no disk'),
    });
    const retried = bench.script('set -e; ctx retry-operation "not yet"', {}, { idempotencyKey: 'd' });
    await expect(runScript(retried, bench.tools())).rejects.toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('not yet'),
    });
  });

  test('cannot be found, read or run', async () => {
    const invalid = { type: 'OperationInputInvalid', nonRetryable: true };
    await expect(runScript(bench.context({ script_path: 'none.sh' }), bench.tools())).rejects.toMatchObject(
      invalid,
    );
    await expect(runScript(nodeContext({}, { script_source: 'true' }), bench.tools())).rejects.toThrow(
      /no machine to run on/,
    );
    await expect(runScript(bench.script('#!/no/such/shell\n'), bench.tools())).rejects.toThrow(
      /status 127.*no.such.shell/is,
    );
  });
});

describe('commands', () => {
  test('run one after the other until one fails', async () => {
    await runScript(
      bench.context({ commands: ['cd /', 'pwd >/tmp/pwd', 'id -un >>/tmp/pwd'], use_sudo: true }),
      bench.tools(),
    );
    expect(await bench.machine.inside('cat /tmp/pwd')).toBe('/root\nroot\n');
    const failing = bench.context({ commands: ['exit 4', 'touch /tmp/never'] }, { idempotencyKey: 'f' });
    await expect(runScript(failing, bench.tools())).rejects.toThrow(/status 4/);
    expect(await bench.machine.inside('test -e /tmp/never || echo no')).toBe('no\n');
  });
});

describe('ctx', () => {
  test('reads and writes what an instance is', async () => {
    bench.files['conf/site.conf'] = 'listen 80';
    bench.files['start.sh'] = [
      'set -e',
      'ctx instance runtime-properties old >/tmp/old',
      'ctx instance runtime-properties new "a b"',
      'ctx instance runtime-properties deep.er "@[1]"',
      '[ "$(ctx node properties port)" = 80 ]',
      '[ "$(ctx instance host-ip)" = "$expected_ip" ]',
      'ctx logger info "half way"',
      'cp "$(ctx download-resource conf/site.conf)" /tmp/got.conf',
      'ctx download-resource conf/site.conf /tmp/got2.conf',
      'ctx returns @\'{"x":1}\'',
    ].join('\n');
    const inputs = { script_path: 'start.sh', expected_ip: bench.machine.endpoint.host };
    const result = await runScript(bench.context(inputs), bench.tools());
    expect(result).toEqual({ runtimeProperties: { new: 'a b', deep: { er: [1] } }, result: { x: 1 } });
    expect(bench.logged).toContain('info: half way');
    expect(await bench.machine.inside('cat /tmp/old /tmp/got.conf /tmp/got2.conf')).toBe(
      'o\nlisten 80listen 80',
    );
  });

  test('tells both ends of a relationship apart', async () => {
    const source = instanceView({ ...bench.self(), runtimeProperties: { a: '1' } });
    const target = instanceView({ id: 'db_1', node: 'db', runtimeProperties: { b: '2' } });
    const text =
      'set -e; ctx source instance runtime-properties got "$(ctx target instance runtime-properties b)"; ctx target instance runtime-properties by "$(ctx source instance id)"; ! ctx instance id';
    const result = await runScript(
      bench.script(
        text,
        {},
        {
          subject: {
            kind: 'relationship',
            side: 'source',
            relationship: { type: 'r', typeHierarchy: ['r'], properties: {} },
            source,
            target,
          },
        },
      ),
      bench.tools(),
    );
    expect(result).toEqual({
      sourceRuntimeProperties: { got: '2' },
      targetRuntimeProperties: { by: source.id },
    });
  });

  test('gives secrets to the store and leaves none behind', async () => {
    const text =
      'printf "very secret token" | ctx instance secret token; printf "a\\nb\\n" | ctx instance secret kubeconfig';
    const first = await runScript(bench.script(text), bench.tools());
    const name = `made/chain/${bench.self().id}/script/token`;
    const kubeconfig = `made/chain/${bench.self().id}/script/kubeconfig`;
    expect(first.runtimeProperties).toEqual({
      token: secretReference(name),
      kubeconfig: secretReference(kubeconfig),
    });
    expect(bench.secrets.get(name)).toBe('very secret token');
    expect(bench.secrets.get(kubeconfig)).toBe('a\nb\n');
    expect(
      await bench.machine.inside(
        'grep -rl "very secret" /run /var/lib/braid-runs /tmp 2>/dev/null || echo none',
      ),
    ).toContain('none');
    expect(await runScript(bench.script(text), bench.tools())).toEqual(first);
    bench.secrets.clear();
    expect(await runScript(bench.script(text), bench.tools())).toEqual(first);
    expect(bench.secrets.get(name)).toBe('very secret token');
  });

  test('keeps its secrets out of the error of a failing script', async () => {
    const text =
      'set -x; ctx instance secret token <<E\nvery secret token\nE\necho "have: very secret token"; exit 1';
    await expect(runScript(bench.script(text), bench.tools())).rejects.toThrow(/have: \[secret\]/);
    expect(bench.logged.join('\n')).not.toContain('very secret');
  });

  test('shows no private key, but its name', async () => {
    const { ssh } = bench.machine.runtimeProperties;
    const key = { get_secret: 'made/chain/web_1/ssh-key' };
    const own = bench.script(
      'ctx instance runtime-properties ssh; ctx returns "$(ctx instance runtime-properties)"',
      {},
      {
        subject: {
          kind: 'node',
          self: instanceView({ ...bench.self(), runtimeProperties: { ssh: { ...ssh, key } } }),
        },
      },
    );
    const told = JSON.stringify((await runScript(own, bench.tools())).result);
    expect(told).not.toContain('PRIVATE');
    expect(told).toContain(key.get_secret);
  });

  test('keeps its secrets out of what it says by ctx, and of what stays on the machine', async () => {
    const make = 'printf "very secret token" | ctx instance secret token; echo "have: very secret token"\n';
    const says = `${make}ctx logger info "made very secret token"; ctx returns "very secret token"`;
    await runScript(bench.script(says), bench.tools());
    expect(bench.logged.join('\n')).toMatch(/made \[secret\](.*\n)+have: \[secret\]/);
    expect(
      await bench.machine.inside(
        'grep -rl "very secret" /run /var/lib/braid-runs /tmp 2>/dev/null || echo none',
      ),
    ).toBe('none\n');
    const gives = bench.script(`${make}ctx abort_operation "no very secret token"`, {}, { operation: 'up' });
    await expect(runScript(gives, bench.tools())).rejects.toThrow(/gave up: no \[secret\]/);
  });
});

test('what is secret is in no list of processes', async () => {
  const run = runScript(
    bench.script('echo ready >/tmp/ps-ready; while [ ! -e /tmp/ps-go ]; do sleep 0.05; done', {
      token: 'sesame-in-env',
    }),
    bench.tools(),
  );
  await bench.until('test -e /tmp/ps-ready');
  const list = await bench.machine.inside(
    'ps axww; journalctl --no-pager -q; systemctl show "braid-run-*"; touch /tmp/ps-go',
  );
  await run;
  expect(list).toContain('braid-run');
  expect(list).not.toContain('sesame');
});
