import { expect, test } from 'vitest';
import { refuseKept } from '../../src/contracts/kept-properties.ts';
import { isScript } from '../../src/contracts/script-implementations.ts';

test.each([
  ['ssh', []],
  ['adopted', []],
  ['ip', ['ip', 'addresses']],
])('a script does not set %s where Braid keeps %j', (name, kept) => {
  expect(() => refuseKept('web_1', ['free', name], kept)).toThrow(
    `A script set ${name} of web_1, which Braid itself keeps. Give the runtime property another name.`,
  );
});

test('what nobody keeps is free', () => {
  expect(() => refuseKept('web_1', ['ip', 'port'], ['addresses'])).not.toThrow();
});

test('what scripts tell is told from what Braid’s own operations do', () => {
  expect(isScript('fabric.fabric_plugin.tasks.run_commands')).toBe(true);
  expect(isScript('machines.machine.create')).toBe(false);
});
