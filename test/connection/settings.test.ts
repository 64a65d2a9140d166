import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/connection/settings.ts';

describe('the worker’s settings', () => {
  it('have defaults', () => {
    expect(readSettings({ XDG_STATE_HOME: '/states' })).toMatchObject({
      taskQueue: 'braid',
      blueprints: resolve('blueprints'),
      state: '/states/braid/braid/store',
      secretKey: undefined,
      payloadKeys: { key: undefined, oldKeys: [] },
      lab: 'braid',
      dockerSocket: '/var/run/docker.sock',
      machineProvider: 'container',
    });
  });

  it('keep the stores of two labs apart', () => {
    const states = ['one', 'two'].map((lab) => readSettings({ BRAID_LAB: lab, XDG_STATE_HOME: '/s' }).state);
    expect(states).toEqual(['/s/braid/one/store', '/s/braid/two/store']);
  });

  it('name every variable that is wrong, and show no value', () => {
    expect(() => readSettings({ BRAID_LAB: 'No', BRAID_SECRET_KEY: 'c2VjcmV0' })).toThrow(
      'The environment is not valid. BRAID_SECRET_KEY: give 32 bytes in base64 (openssl rand -base64 32); BRAID_LAB: use small letters, digits and hyphens.',
    );
  });
});
