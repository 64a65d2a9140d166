import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/connection/settings.ts';

describe('the worker’s settings', () => {
  it('have defaults', () => {
    expect(readSettings({ XDG_STATE_HOME: '/states' })).toMatchObject({
      taskQueue: 'braid',
      blueprints: resolve('blueprints'),
      state: '/states/braid/braid/store',
      secretKeys: { key: undefined, oldKeys: [] },
      payloadKeys: { key: undefined, oldKeys: [] },
      plainStarts: false,
      lab: 'braid',
      dockerSocket: '/var/run/docker.sock',
    });
  });

  it('take a name of the installation that fits into every label', () => {
    expect(readSettings({}).installation).toBeUndefined();
    expect(readSettings({ BRAID_INSTALLATION: 'west-2' }).installation).toBe('west-2');
    for (const wrong of ['', '-a', 'a-', 'A', 'a_b', 'a'.repeat(64)])
      expect(() => readSettings({ BRAID_INSTALLATION: wrong })).toThrow(/BRAID_INSTALLATION: use up to 63/);
  });

  it('let kubeconfigs do only what an operator names', () => {
    expect([...readSettings({}).kubeconfigRights]).toEqual([]);
    const { kubeconfigRights } = readSettings({ BRAID_KUBECONFIG_ALLOW: 'files, exec' });
    expect([...kubeconfigRights]).toEqual(['files', 'exec']);
    expect(() => readSettings({ BRAID_KUBECONFIG_ALLOW: 'all' })).toThrow(
      /BRAID_KUBECONFIG_ALLOW.*use files, exec, impersonation, proxy alone/,
    );
  });

  it('keep the stores of two labs apart', () => {
    const states = ['one', 'two'].map((lab) => readSettings({ BRAID_LAB: lab, XDG_STATE_HOME: '/s' }).state);
    expect(states).toEqual(['/s/braid/one/store', '/s/braid/two/store']);
  });

  it('take a token of the codec server that nobody guesses, and show no other', () => {
    const token = '0123456789abcdef';
    expect(readSettings({ BRAID_CODEC_TOKEN: token }).codecToken).toBe(token);
    expect(() => readSettings({ BRAID_CODEC_TOKEN: 'short' })).toThrow(
      /^The environment is not valid\. BRAID_CODEC_TOKEN: give 16 or more(?!.*"short")/,
    );
  });

  it('take the keys that the store had before, and that it had none', () => {
    const [key, old] = ['new', 'old'].map((text) => Buffer.alloc(32, text).toString('base64'));
    const read = readSettings({ BRAID_SECRET_KEY: key, BRAID_SECRET_OLD_KEYS: `${old}, none` });
    expect(read.secretKeys).toEqual({ key, oldKeys: [old, 'none'] });
    expect(() => readSettings({ BRAID_SECRET_OLD_KEYS: old })).toThrow(
      'The environment is not valid. BRAID_SECRET_OLD_KEYS: give BRAID_SECRET_KEY too.',
    );
    expect(() => readSettings({ BRAID_SECRET_KEY: key, BRAID_SECRET_OLD_KEYS: 'c2hvcnQ=' })).toThrow(
      /BRAID_SECRET_OLD_KEYS\.0: give 32 bytes in base64, or none(?!.*c2hvcnQ)/,
    );
  });

  it('let workflows take what is not encrypted only where that is said', () => {
    expect(readSettings({ BRAID_ALLOW_PLAIN_STARTS: '1' }).plainStarts).toBe(true);
    expect(readSettings({ BRAID_ALLOW_PLAIN_STARTS: '0' }).plainStarts).toBe(false);
    expect(() => readSettings({ BRAID_ALLOW_PLAIN_STARTS: 'yes' })).toThrow(
      'BRAID_ALLOW_PLAIN_STARTS: give 0 or 1',
    );
  });

  it('name every variable that is wrong, and show no value', () => {
    expect(() => readSettings({ BRAID_LAB: 'No', BRAID_SECRET_KEY: 'c2VjcmV0' })).toThrow(
      'The environment is not valid. BRAID_SECRET_KEY: give 32 bytes in base64 (openssl rand -base64 32); BRAID_LAB: use small letters, digits and hyphens.',
    );
  });
});
