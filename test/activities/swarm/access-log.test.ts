import { expect, test } from 'vitest';
import { countRequests, sumOf } from '../../../src/activities/swarm/access-log.ts';

const line = (upstreams: string, statuses: string) =>
  `10.0.0.9 "GET / HTTP/1.1" 200 upstream=${upstreams} upstream_status=${statuses} time=0.002`;

async function* inPieces(text: string, length = 7): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

test('requests are counted by the upstream that answered', async () => {
  const one = [line('10.0.0.1:80', '200'), 'nginx: stärted', line('10.0.0.1:80, 10.0.0.2:80', '502, 200')];
  const other = [line('10.0.0.1:80', '504'), line('-', '-'), line('10.0.0.1:80', '404')];
  const logs = [one.join('\n'), `${other.join('\n')}\n`];
  const counted = await Promise.all(logs.map((log) => countRequests(inPieces(log))));
  expect(sumOf(counted)).toEqual({
    requests: 5,
    'requests to 10.0.0.1:80': 2,
    'requests to 10.0.0.2:80': 1,
  });
});

test('no log is no request', async () => {
  expect(await countRequests(inPieces(''))).toEqual({ requests: 0 });
  expect(sumOf([])).toEqual({ requests: 0 });
});

test('a log of any length is counted as it comes, and no piece of it is kept', async () => {
  const piece = Buffer.from(`${line('10.0.0.1:80', '200')}\n`.repeat(1_000));
  let held = 0;
  let most = 0;
  async function* long() {
    for (let count = 0; count < 400; count += 1) {
      held += 1;
      most = Math.max(most, held);
      yield piece;
      held -= 1;
    }
  }
  expect(await countRequests(long())).toEqual({ requests: 400_000, 'requests to 10.0.0.1:80': 400_000 });
  expect(most).toBe(1);
});

test('a line without end is none, and what comes after it is', async () => {
  const endless = `${'x'.repeat(20_000_000)}\n${line('10.0.0.1:80', '200')}`;
  expect(await countRequests(inPieces(endless, 65_536))).toMatchObject({ requests: 1 });
});

test('a line is read from its front once, whatever it repeats', async () => {
  const marks = ' upstream_status='.repeat(3_800);
  const bad = `10.0.0.9 "GET / HTTP/1.1" 200 upstream=a${marks}\n`.repeat(2_000);
  expect(await countRequests(inPieces(bad, 65_536))).toEqual({ requests: 0 });
});

test('upstreams without number are told as others', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => line(`10.0.0.1:${index}`, '200'));
  const counted = await countRequests(inPieces([...many, line('u'.repeat(5_000), '200')].join('\n'), 65_536));
  expect(Object.keys(counted).length).toBeLessThan(250);
  expect(counted).toMatchObject({ requests: 5_001, 'requests to others': 4_802 });
});
