import { expect, test } from 'vitest';
import { countRequests } from '../../../src/activities/swarm/access-log.ts';

const line = (upstreams: string, statuses: string) =>
  `10.0.0.9 "GET / HTTP/1.1" 200 upstream=${upstreams} upstream_status=${statuses} time=0.002`;

test('requests are counted by the upstream that answered', () => {
  const one = [line('10.0.0.1:80', '200'), 'nginx: started', line('10.0.0.1:80, 10.0.0.2:80', '502, 200')];
  const other = [line('10.0.0.1:80', '504'), line('-', '-'), line('10.0.0.1:80', '404')];
  expect(countRequests([one.join('\n'), other.join('\n')])).toEqual({
    requests: 5,
    'requests to 10.0.0.1:80': 2,
    'requests to 10.0.0.2:80': 1,
  });
});

test('no log is no request', () => {
  expect(countRequests([''])).toEqual({ requests: 0 });
});
