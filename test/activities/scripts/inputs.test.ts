import { expect, test } from 'vitest';
import { parseScriptInputs } from '../../../src/activities/scripts/inputs.ts';

test('every unknown input is a variable of the environment, and those of process win', () => {
  const inputs = parseScriptInputs(
    {
      script_path: 's.sh',
      hide_output: ['both'],
      text: 'a',
      number: 1.5,
      flag: false,
      nothing: null,
      map: { a: [1] },
      '1st': 'no name',
      process: { env: { text: 'b' }, args: '-x  two', cwd: '/srv', command_prefix: 'bash -e' },
    },
    'web_1',
  );
  expect(inputs).toMatchObject({
    what: { kind: 'file', path: 's.sh' },
    environment: { text: 'b', number: '1.5', flag: 'false', nothing: '', map: '{"a":[1]}' },
    arguments: ['-x', 'two'],
    folder: '/srv',
    prefix: 'bash -e',
    sudo: false,
  });
  expect(Object.keys(inputs.environment)).not.toContain('1st');
  expect(Object.keys(inputs.environment)).not.toContain('hide_output');
});

test.each([
  [{}, /one of the inputs script_path, script_source and commands, and has 0/],
  [{ script_path: 'a', commands: ['b'] }, /and has 2/],
  [{ commands: [] }, /commands/],
  [{ script_path: 'a', use_sudo: 'yes' }, /web_1 are wrong: use_sudo/],
  [{ script_path: 'a', process: { args: [{}] } }, /process.args/],
])('%j is refused', (inputs, message) => {
  expect(() => parseScriptInputs(inputs, 'web_1')).toThrow(message);
});

test.each([
  [{ hide_output: true }, true],
  [{ hide_output: ['both'] }, true],
  [{ hide_output: 'stdout' }, true],
  [{ hide_output: ['running', 'warnings'] }, false],
  [{ process: { log_stdout: false, log_stderr: false, ctx_proxy_type: 'unix', eval_python: true } }, true],
  [{ process: { log_stdout: true, stderr_to_stdout: true } }, false],
])('%j is of use to what is logged', (inputs, hidden) => {
  expect(parseScriptInputs({ script_path: 'a', ...inputs }, 'web_1').hidden).toBe(hidden);
});

test('Python gets the inputs as they are in the blueprint', () => {
  const { parameters } = parseScriptInputs(
    { script_path: 'a.py', number: 1, list: ['x'], use_sudo: true, ssl_cert_content: 'x', fabric_env: {} },
    'web_1',
  );
  expect(parameters).toEqual({ number: 1, list: ['x'] });
});
