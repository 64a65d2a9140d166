import { expect, test } from 'vitest';
import { acquireOptions, aptFiles, debianSources } from '../../../lab/images/apt.ts';

test('the release and its updates, each once, and nothing else', () => {
  const targets = [
    'http://mirror.test/debian/ bookworm main',
    'http://mirror.test/debian/ bookworm main',
    'http://mirror.test/debian/ bookworm-updates main',
    'http://mirror.test/debian-security/ bookworm-security main',
    'http://mirror.test/debian/ trixie main',
    'file:/srv/debian bookworm main',
    '',
  ].join('\n');
  expect(debianSources(targets, 'bookworm')).toEqual([
    'deb http://mirror.test/debian/ bookworm main',
    'deb http://mirror.test/debian/ bookworm-updates main',
    'deb http://mirror.test/debian-security/ bookworm-security main',
  ]);
});

test('another release’s sources are of no use', () => {
  expect(debianSources('http://mirror.test/debian/ trixie main', 'bookworm')).toEqual([]);
  expect(debianSources('http://mirror.test/debian/ bookworm-backports main', 'bookworm')).toEqual([]);
});

test('proxies and checks are handed on, files and programs of this machine are not', () => {
  const configuration = [
    'Acquire "";',
    'Acquire::http::Proxy "http://proxy.test:3128";',
    'Acquire::https::CaInfo "/etc/own.crt";',
    'Acquire::http::Proxy-Auto-Detect "/usr/bin/detect";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::cdrom::mount "/media/cdrom/";',
    'Acquire::http::Proxy "";',
  ].join('\n');
  expect(acquireOptions(configuration)).toEqual([
    'Acquire::http::Proxy "http://proxy.test:3128";',
    'Acquire::Check-Valid-Until "false";',
  ]);
});

test('no sources: the image keeps its own', async () => {
  expect(await aptFiles({ sources: [], options: [] })).toEqual({ 'host.conf': '' });
});
