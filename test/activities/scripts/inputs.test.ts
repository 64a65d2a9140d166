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

test('a host of fabric_env counts when its host key is told', () => {
  const host = { host_string: '10.0.0.9', user: 'root', key: 'k' };
  expect(parseScriptInputs({ commands: ['true'], fabric_env: host }, 'web_1').elsewhere).toBeUndefined();
  const known = { ...host, host_key: 'ssh-ed25519 AAAA' };
  expect(parseScriptInputs({ commands: ['true'], fabric_env: known }, 'web_1').elsewhere).toEqual({
    host: '10.0.0.9',
    port: 22,
    user: 'root',
    key: 'k',
    host_key: 'ssh-ed25519 AAAA',
  });
});
