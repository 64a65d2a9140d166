import { describe, expect, test } from 'vitest';
import { createVeil, redactJson, redactor } from '../../src/activities/redaction.ts';
import { Deferred, secretReference } from '../../src/contracts/sealed.ts';
import { makeSshKeyPair } from '../../src/activities/ssh/key-pair.ts';

const password = 'p"ss wörd/1';
const { privateKey, publicKey } = makeSshKeyPair('a machine');
const kubeconfig = [
  'clusters:',
  '- cluster:',
  '    server: https://10.0.0.1:6443',
  'users:',
  '- name: kubernetes-admin',
  '  user:',
  `    client-key-data: ${Buffer.from(privateKey).toString('base64')}`,
  '',
].join('\n');

const lines = privateKey.trim().split('\n').slice(1, -1);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const inJson = (value: unknown) => JSON.stringify(value);

describe('a secret is hidden', () => {
  test.each([
    ['as it is', password],
    ['in JSON', inJson({ password })],
    ['in JSON within JSON', inJson({ body: inJson({ password }) })],
    ['in base64', base64(password)],
    ['in base64 with the newline of echo', base64(`${password}\n`)],
    ['in a URL', `https://host/?password=${encodeURIComponent(password)}`],
  ])('%s', (_how, text) => {
    const redacted = redactor([password])(text);
    expect(redacted).toContain('[secret]');
    for (const part of ['wörd', 'w\\u00f6rd', base64(password).slice(0, 8), 'w%C3%B6rd']) {
      expect(redacted).not.toContain(part);
    }
  });

  test('that was stored with a newline at its end, and is written without', () => {
    expect(redactor(['worker-token\n'])('join --token worker-token now')).toBe('join --token [secret] now');
  });

  test.each([
    ['as a whole', privateKey],
    ['line by line', lines.map((line) => `+ ${line}`).join('\n')],
    ['on one line', privateKey.replaceAll('\n', '')],
    ['with spaces for its newlines', privateKey.replaceAll('\n', ' ')],
    ['in JSON', inJson(privateKey)],
    ['in base64', base64(privateKey)],
  ])('that is a key, %s', (_how, text) => {
    const redacted = redactor([privateKey])(text);
    for (const line of [...lines, base64(lines[1] ?? '').slice(4, -4)]) expect(redacted).not.toContain(line);
    expect(redacted).not.toContain(base64(privateKey).slice(100, 160));
  });

  test('that is a line of a key without a digit', () => {
    const line = 'eelWrsJDXfsgBRISpfoAAAACWEgbWFjaGluZQECAwQ=';
    const key = `-----BEGIN OPENSSH PRIVATE KEY-----\n${line}\n-----END OPENSSH PRIVATE KEY-----\n`;
    expect(redactor([key])(`+ ${line}`)).toBe('+ [secret]');
  });

  test('that is the key within a kubeconfig, in base64 and as it is', () => {
    const redacted = redactor([kubeconfig])(`${base64(privateKey)}\n${lines.join('\n')}`);
    for (const line of [...lines, base64(privateKey)]) expect(redacted).not.toContain(line);
  });
});

describe('what is no secret stays', () => {
  test.each([
    ['the address within a kubeconfig', 'https://10.0.0.1:6443', kubeconfig],
    ['the name of a user within it', 'kubernetes-admin', kubeconfig],
    ['a public key', publicKey, privateKey],
    ['a word as short as the secret', 'yes or no', 'yes'],
  ])('%s', (_what, text, secret) => {
    expect(redactor([secret])(text)).toBe(text);
  });
});

test('a value that is a secret becomes its reference again, with or without the newline at its end', () => {
  const veil = createVeil();
  veil.add('worker-token\n', secretReference('a/token'));
  expect(veil.conceal({ one: 'worker-token', two: ['worker-token\n'], three: 'x worker-token' })).toEqual({
    one: secretReference('a/token'),
    two: [secretReference('a/token')],
    three: 'x [secret]',
  });
});

describe('a secret is hidden, too,', () => {
  test.each<[string, string]>([
    ['in hexadecimal', Buffer.from(password).toString('hex')],
    ['in capital hexadecimal', Buffer.from(password).toString('hex').toUpperCase()],
    ...['a:', 'ab:', 'abc:'].map((user): [string, string] => [
      `as Basic of ${user}`,
      base64(`${user}${password}`),
    ]),
    ['as Basic with more after it', base64(`user:${password}\nmore`)],
    ['in a URL with small letters', encodeURIComponent(password).toLowerCase()],
  ])('%s', (_how, text) => {
    expect(redactor([password])(text)).toContain('[secret]');
  });

  test('where a text was cut within it, at either end', () => {
    const hide = redactor(['correct-horse-battery-staple']);
    expect(hide('tail: attery-staple and then correct-hors… rse-battery-st')).toBe(
      'tail: [secret] and then [secret]… [secret]',
    );
    expect(hide('staple stays, and so does correct')).toBe('staple stays, and so does correct');
    expect(redactor(['hunter2-12'])('hunter2-1 unter2-1 hunter2')).toBe('[secret] [secret] hunter2');
  });

  test('where a line of a key was cut', () => {
    const line = lines[2] ?? '';
    expect(redactor([privateKey])(`… ${line.slice(20)}`)).toBe('… [secret]');
    expect(redactor([kubeconfig])(base64(privateKey).slice(40, 80))).toBe('[secret]');
  });

  test('as a key of a map, and as a number', () => {
    const redact = redactor(['12345678', 'worker-token']);
    expect(redactJson({ 'a worker-token': [12345678, 1234567] }, redact)).toEqual({
      'a [secret]': ['[secret]', 1234567],
    });
  });

  test('as what was made of it, and as what stands for that', () => {
    const veil = createVeil();
    const part = new Deferred({ secret: 'own/login', path: ['password'] });
    veil.add('hunter2-hunter2', part);
    veil.add('HUNTER2-HUNTER2', undefined);
    expect(veil.redact('hunter2-hunter2 HUNTER2-HUNTER2')).toBe('[secret] [secret]');
    expect(veil.conceal({ a: 'hunter2-hunter2', b: 'HUNTER2-HUNTER2' })).toEqual({ a: part, b: '[secret]' });
  });
});
