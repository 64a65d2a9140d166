import { describe, expect, test } from 'vitest';
import { whyRefused } from '../../src/guard/rules.ts';

const host = '127.0.0.1:8233';
const rules = { hosts: [host, 'localhost:8233'], json: true };
const type = { 'content-type': 'application/json' };
const ask = (method: string, headers: Readonly<Record<string, string>>) =>
  whyRefused(rules, { method, headers: { host, ...headers } });

describe('what comes through', () => {
  test.each([
    ['a program', 'POST', type],
    ['a program that reads', 'GET', {}],
    [
      'a page of the server’s own',
      'POST',
      { ...type, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
    ],
    ['a person who types the address', 'GET', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }],
    ['the other name', 'POST', { ...type, host: 'LocalHost:8233', origin: 'http://localhost:8233' }],
    [
      'whoever follows a link',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ],
    ['JSON of a character set', 'PUT', { 'content-type': 'application/json; charset=utf-8' }],
  ])('%s', (_who, method, headers) => {
    expect(ask(method, headers)).toBeUndefined();
  });
});

describe('what is refused', () => {
  test.each([
    [
      'a name that was bound to this address',
      'GET',
      { host: 'elsewhere.example:8233' },
      'This is not elsewhere',
    ],
    ['the address by another port', 'GET', { host: '127.0.0.1:80' }, 'This is not 127.0.0.1:80'],
    ['no name', 'GET', { host: '' }, 'a server without a name'],
    [
      'a page of elsewhere',
      'POST',
      { ...type, origin: 'https://elsewhere.example' },
      'Pages of https://elsewhere',
    ],
    ['a page of another port', 'POST', { ...type, origin: 'http://127.0.0.1:80' }, 'Pages of'],
    ['a page without an origin', 'POST', { ...type, origin: 'null' }, 'Pages of null'],
    ['a preflight', 'OPTIONS', { origin: 'https://elsewhere.example' }, 'Pages of'],
    ['what a browser knows', 'POST', { ...type, 'sec-fetch-site': 'cross-site' }, 'Pages of another site'],
    [
      'an image of elsewhere',
      'GET',
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' },
      'another site',
    ],
    [
      'a frame in a page of elsewhere',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      'another site',
    ],
    ['a form', 'POST', { 'content-type': 'text/plain' }, 'Only application/json'],
    ['no type', 'DELETE', {}, 'Only application/json'],
    ['almost JSON', 'POST', { 'content-type': 'application/jsonish' }, 'Only application/json'],
  ])('%s', (_who, method, headers, reason) => {
    expect(ask(method, headers)).toContain(reason);
  });
});

test('the Web UI’s own pages send what they like', () => {
  const headers = { host, origin: `http://${host}`, 'content-type': 'text/plain' };
  expect(whyRefused({ ...rules, json: false }, { method: 'POST', headers })).toBeUndefined();
});
