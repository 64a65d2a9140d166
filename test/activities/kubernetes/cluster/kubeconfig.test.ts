import { anything, assert, constantFrom, dictionary, json, oneof, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKubeconfig } from '../../../../src/activities/kubernetes/cluster/kubeconfig.ts';
import type { KubeconfigRight } from '../../../../src/connection/settings.ts';
import { kubeconfig } from '../../../support/kubernetes.ts';

const parse = (text: string, ...allowed: readonly KubeconfigRight[]) =>
  parseKubeconfig(text, new Set(allowed));
const refused = (message: string | RegExp) =>
  expect.objectContaining({ type: 'OperationInputInvalid', message: expect.stringMatching(message) });
const through = (proxy: string) =>
  parse(kubeconfig({ 'proxy-url': proxy }, {}), 'proxy').cluster['proxy-url'];
const exec = { command: 'id', apiVersion: 'client.authentication.k8s.io/v1' };

describe('a kubeconfig', () => {
  it('goes through an HTTP proxy where that is allowed, and through no other', () => {
    expect(through('http://10.0.0.9:3128')).toBe('http://10.0.0.9:3128');
    expect(() => through('socks5://10.0.0.9')).toThrow(refused('no other proxy is known'));
  });

  it('gives its current context, whatever else is in it', () => {
    const text = `
apiVersion: v1
kind: Config
preferences: {}
current-context: admin@here
clusters:
- {name: there, cluster: {server: 'http://there', proxy-url: 'http://proxy', insecure-skip-tls-verify: true}}
- name: here
  cluster:
    server: https://10.0.0.1:6443
    certificate-authority: ""
    certificate-authority-data: |
      YXV0aG9y
      aXR5
    extensions: [{name: minikube, extension: {provider: any}}]
contexts:
- {name: admin@here, context: {cluster: here, user: admin, namespace: blue}}
users:
- {name: other, user: {exec: {command: id}}}
- {name: admin, user: {token: abc, client-key: null}}
`;
    expect(parse(text)).toEqual({
      namespace: 'blue',
      cluster: expect.objectContaining({
        server: 'https://10.0.0.1:6443',
        'certificate-authority-data': 'YXV0aG9yaXR5',
      }),
      user: { token: 'abc' },
    });
  });

  it.each([
    [
      'reads a token of the worker',
      {},
      { 'token-file': '/etc/shadow' },
      /names files \(token-file\).*ALLOW=files/,
    ],
    ['reads it as kubectl writes it', {}, { tokenFile: '/etc/shadow' }, /names files \(tokenFile\)/],
    ['reads a key', {}, { 'client-key': '/etc/shadow' }, /names files \(client-key\)/],
    ['reads a certificate', {}, { 'client-certificate': '/etc/shadow' }, /names files/],
    ['reads an authority', { 'certificate-authority': '/dev/zero' }, {}, /names files/],
    ['runs a command', {}, { exec }, /runs a command to log in \(exec\).*ALLOW=exec/],
    ['speaks for somebody else', {}, { as: 'admin' }, /speaks for somebody else.*ALLOW=impersonation/],
    ['speaks for a group', {}, { 'as-groups': ['system:masters'] }, /speaks for somebody else/],
    ['asks a provider', {}, { 'auth-provider': { name: 'gcp', config: {} } }, /auth-provider/],
    ['goes elsewhere', { 'proxy-url': 'http://10.0.0.9:3128' }, {}, /through a proxy.*ALLOW=proxy/],
    ['turns verification off', { 'insecure-skip-tls-verify': true }, {}, /verification/],
    ['speaks without TLS', { server: 'http://127.0.0.1' }, {}, /without TLS/],
    ['has a key in another spelling', { caFile: '/etc/shadow' }, {}, /the key caFile at cluster/],
    ['has a key of tomorrow', {}, { 'read-from': '/etc/shadow' }, /the key read-from at user/],
    ['smuggles a header', {}, { token: 'a\r\nImpersonate-User: admin' }, /user\.token: must be one word/],
  ])('that %s is refused', (_, cluster, user, message) => {
    expect(() => parse(kubeconfig(cluster, user))).toThrow(refused(message));
  });

  it.each([
    [{ as: 'admin', 'as-groups': ['ops'] }, 'impersonation'],
    [{ tokenFile: '/run/token', 'client-key': '/run/key' }, 'files'],
    [{ exec: { ...exec, args: ['-u'], env: [{ name: 'A', value: 'b' }] } }, 'exec'],
  ] as const)('%o is taken where %s are allowed', (user, right) => {
    expect(parse(kubeconfig({}, user), right).user).toMatchObject(user);
    const others = (['impersonation', 'files', 'exec'] as const).filter((other) => other !== right);
    expect(() => parse(kubeconfig({}, user), ...others)).toThrow(refused(right));
  });

  it.each([
    ['is no YAML', 'token: [very-secret'],
    ['multiplies', `a: &a [very-secret, x]\nb: &b [*a, *a]\nclusters: [*b, *b]`],
    ['refers to itself', 'clusters: &a [*a, very-secret]'],
    ['is endless', `# ${'very-secret'.repeat(100_000)}`],
    ['is deep', `very-secret: ${'['.repeat(100_000)}`],
    ['says something twice', 'kind: Config\nkind: very-secret'],
    ['has ten thousand keys', Array.from({ length: 10_000 }, (_, n) => `very-secret${n}: 1`).join('\n')],
    ['is several', 'kind: Config\n---\nkind: very-secret'],
    ['has a secret for a key', '{"very-secret 1": 1, "current-context": "x"}'],
  ])('that %s is refused without its text', (_, text) => {
    expect(() => parse(text)).toThrow(refused(/^The kubeconfig (?!.*very-secret)/));
  });

  it('is read or refused, whatever it is', () => {
    const value = anything({ maxDepth: 3, withNullPrototype: false });
    const risky = constantFrom(
      'exec',
      'tokenFile',
      'token-file',
      'as',
      'proxy-url',
      'auth-provider',
      '__proto__',
    );
    const entries = dictionary(oneof(risky, string()), value, { maxKeys: 4 });
    const any = oneof(
      json(),
      string({ unit: 'binary' }),
      tuple(entries, entries).map(([cluster, user]) => kubeconfig({}, {}, { cluster, user })),
    );
    assert(
      property(any, (text) => {
        expect(outcomeOf(text)).toEqual(expect.toBeOneOf([['server', 'token'], refused(/^The kubeconfig /)]));
      }),
      { numRuns: 1000 },
    );
  });
});

/** The keys that are acted by, or why nothing is. */
function outcomeOf(text: string): unknown {
  try {
    const { cluster, user } = parse(text);
    return Object.keys({ ...cluster, ...user });
  } catch (error) {
    return error;
  }
}
