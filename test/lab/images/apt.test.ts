import { expect, test } from 'vitest';
import { acquireOptions, aptFiles, debianSources, withoutPasswords } from '../../../lab/images/apt.ts';

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
  expect(await aptFiles({ sources: [], options: [], proxies: {}, remarks: [] })).toEqual({ 'host.conf': '' });
});

test('nothing with a password reaches an image; proxies that want one are told to the build alone', async () => {
  const settings = withoutPasswords({
    sources: ['deb https://someone:hush@mirror.test/debian bookworm main'],
    options: [
      'Acquire::http::Proxy "http://someone:hush@proxy.test:3128";',
      'Acquire::http::Proxy::other.test "http://hush@proxy.test";',
      'Acquire::Retries "3";',
    ],
    proxies: {},
    remarks: [],
  });
  expect(settings.proxies).toEqual({ http_proxy: 'http://someone:hush@proxy.test:3128' });
  expect(settings.remarks).toEqual([
    'this machine’s mirror wants a password, which would lie in the images: they use Debian’s own',
    'Acquire::http::Proxy::other.test holds a password and is left out of the images',
  ]);
  expect(await aptFiles(settings)).toEqual({ 'host.conf': 'Acquire::Retries "3";\n' });
});

test('a proxy and a mirror without a password are as they were', () => {
  const settings = {
    sources: ['deb http://mirror.test/debian bookworm main'],
    options: ['Acquire::http::Proxy "http://proxy.test:3128";'],
    proxies: {},
    remarks: [],
  };
  expect(withoutPasswords(settings)).toEqual(settings);
});
