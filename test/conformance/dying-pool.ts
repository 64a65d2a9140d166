import type { Duplex } from 'node:stream';
import type { SshConnection, SshPool } from '../../src/activities/ssh/pool.ts';

const change = /^(POST|PUT|PATCH|DELETE) \S/;

/**
 * A pool whose process kills itself in the place of the n-th answer, counted from 1: of a command's result, a
 * file's having been written, or the first words of an HTTP answer to a change. The effect is there by then.
 */
export function dyingPool(pool: SshPool, at: number): SshPool {
  let answers = 0;
  const answer = (): void => {
    answers += 1;
    if (answers === at) process.kill(process.pid, 'SIGKILL');
  };
  return {
    connect: async (endpoint, signal) => dying(await pool.connect(endpoint, signal), answer),
    close: () => pool.close(),
  };
}

function dying(connection: SshConnection, answer: () => void): SshConnection {
  return {
    run: async (...args) => {
      const result = await connection.run(...args);
      answer();
      return result;
    },
    stream: async (...args) => listening(await connection.stream(...args), answer),
    writeFile: async (...args) => {
      await connection.writeFile(...args);
      answer();
    },
  };
}

function listening(stream: Duplex, answer: () => void): Duplex {
  let asked = false;
  const write = stream.write.bind(stream);
  const push = stream.push.bind(stream);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same function, listened to
  stream.write = ((chunk: unknown, ...rest: []) => {
    asked ||= change.test(String(chunk).slice(0, 16));
    return write(chunk, ...rest);
  }) as Duplex['write'];
  stream.push = (chunk, encoding) => {
    if (asked && chunk !== null) {
      asked = false;
      answer();
    }
    return push(chunk, encoding);
  };
  return stream;
}
