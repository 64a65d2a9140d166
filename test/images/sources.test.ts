import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../support/processes.ts';

const images = join(root, 'images');
const dockerfiles = readdirSync(images).map((name) => join('images', name, 'Dockerfile'));

describe.each(dockerfiles)('%s', (path) => {
  const text = readFileSync(join(root, path), 'utf8');
  const stages = new Set([...text.matchAll(/^FROM \S+ AS (\S+)$/gim)].map(([, name]) => name));

  test('is built on what it is told to, which has no usual value, and on nothing else', () => {
    const bases = [...text.matchAll(/^FROM (\S+)/gim)].map(([, base]) => base ?? '');
    expect(bases.filter((base) => !['${BASE}', 'scratch'].includes(base) && !stages.has(base))).toEqual([]);
    expect(text).toMatch(/^ARG BASE$/m);
  });

  test('copies nothing from another image, and fetches nothing without a sum', () => {
    const copied = [...text.matchAll(/^COPY --from=(\S+)/gim)].map(([, from]) => from);
    expect(copied.filter((from) => !stages.has(from))).toEqual([]);
    expect(text).not.toMatch(/^ADD /im);
    expect(text).not.toMatch(/\b(curl|wget) .*http/);
  });

  test('takes no proxy for itself: those that the engine knows are kept out of its history', () => {
    expect(text).not.toMatch(/^(ARG|ENV) .*(\b(https?|all|no|ftp)_proxy|password|token|secret)/im);
  });
});

test.each([
  ['images/worker/fetch-node', 'NPM_REGISTRY'],
  ['images/temporal/fetch-go', 'GOPROXY'],
])('%s refuses an address with a password before it does anything', (script, variable) => {
  const { status, stderr } = spawnSync('/bin/sh', [join(root, script)], {
    encoding: 'utf8',
    env: { PATH: '/nowhere', [variable]: 'https://someone:hush@registry.test' },
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(new RegExp(`^${variable} holds a password, which the image would keep: .*\n$`));
  expect(stderr).not.toContain('hush');
});

test('the image of the worker takes no settings of npm along', () => {
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  expect(ignored.slice(1, 2)).toEqual(['*']);
  expect(ignored.filter((line) => line.startsWith('!')).sort()).toEqual([
    '!images/worker',
    '!package-lock.json',
    '!package.json',
    '!src',
  ]);
});
