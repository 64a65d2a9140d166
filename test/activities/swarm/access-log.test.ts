import { expect, test } from 'vitest';
import { countRequests } from '../../../src/activities/swarm/access-log.ts';

const line = (uri: string, status: number, upstream: string) =>
  JSON.stringify({ time: '2026-01-01T00:00:00Z', remote: '10.0.0.9', uri, status, upstream });

test('requests are counted by the upstream that answered', () => {
  const one = [
    line('/', 200, '10.0.0.1:80'),
    'nginx: started',
    line('/', 200, '10.0.0.1:80, 10.0.0.2:80'),
  ].join('\n');
  const other = [
    line('/', 502, '10.0.0.1:80'),
    line('/nginx_status', 200, ''),
    line('/x', 404, '-'),
    '{broken',
  ].join('\n');
  expect(countRequests([one, other])).toEqual({
    requests: 4,
    'requests to 10.0.0.1:80': 1,
    'requests to 10.0.0.2:80': 1,
  });
});

test('no log is no request', () => {
  expect(countRequests([''])).toEqual({ requests: 0 });
});
