import { readFile } from 'node:fs/promises';
import { findProgram } from '../packages.ts';
import { run } from '../toolchain/run.ts';

/** How this machine reaches Debian's packages. */
export type AptSettings = {
  /** `deb URI SUITE COMPONENT…`; empty: the usual ones. */
  readonly sources: readonly string[];
  /** `Acquire::http::Proxy "…";` and the like. */
  readonly options: readonly string[];
  /** Proxies that want a password, as the variables that programs read: no image may hold them. */
  readonly proxies: Proxies;
  /** What was left out, for people. */
  readonly remarks: readonly string[];
};

export type Proxies = Readonly<Record<string, string>>;

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** What apt of this machine knows of a Debian release; nothing on a machine without apt or with another release. */
export async function hostAptSettings(suite: string): Promise<AptSettings> {
  if ((await findProgram('apt-get')) === undefined) return nothing;
  const [targets, configuration] = await Promise.all([
    run('apt-get', [
      'indextargets',
      '--format',
      '$(REPO_URI) $(RELEASE) $(COMPONENT)',
      'Created-By: Packages',
      'Origin: Debian',
    ]),
    run('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire']),
  ]);
  return withoutPasswords({
    sources: debianSources(targets, suite),
    options: acquireOptions(configuration),
    proxies: {},
    remarks: [],
  });
}

/** The proxies of this machine’s apt that want a password. */
export async function secretAptProxies(): Promise<Proxies> {
  if ((await findProgram('apt-config')) === undefined) return {};
  const configuration = await run('apt-config', ['dump', '--format', '%F "%v";%n', 'Acquire']);
  const settings = { ...nothing, options: acquireOptions(configuration) };
  return withoutPasswords(settings).proxies;
}

const nothing: AptSettings = { sources: [], options: [], proxies: {}, remarks: [] };

/**
 * What may lie in an image, where everyone who has it reads it: a proxy that wants a password is told by the variables
 * of a build instead, and a mirror that does is not used.
 */
export function withoutPasswords(settings: AptSettings): AptSettings {
  const secret = settings.options.filter(hasPassword);
  const proxies = secret.flatMap((line) => {
    const [, scheme, value] = /^Acquire::(https?)::Proxy "(.*)";$/i.exec(line) ?? [];
    return scheme === undefined || value === undefined ? [] : [[`${scheme.toLowerCase()}_proxy`, value]];
  });
  const known: Proxies = Object.fromEntries(proxies);
  const isSecretSource = settings.sources.some(hasPassword);
  const left = secret.filter((line) => !/^Acquire::https?::Proxy "/i.test(line));
  return {
    sources: isSecretSource ? [] : settings.sources,
    options: settings.options.filter((line) => !hasPassword(line)),
    proxies: known,
    remarks: [
      ...(isSecretSource
        ? ['this machine’s mirror wants a password, which would lie in the images: they use Debian’s own']
        : []),
      ...left.map((line) => `${line.split(' ')[0] ?? ''} holds a password and is left out of the images`),
    ],
  };
}

/** `http://someone:hush@mirror.test/`, or without the password, which may be a token. */
function hasPassword(text: string): boolean {
  return /\/\/[^/\s"]*@/.test(text);
}

/** The repositories of the release and its updates, of lines `URI SUITE COMPONENT`. */
export function debianSources(targets: string, suite: string): readonly string[] {
  const lines = targets.split('\n').flatMap((line) => {
    const [uri = '', release = '', component = ''] = line.trim().split(' ');
    const wanted = release === suite || release.startsWith(`${suite}-`);
    return wanted && /^https?:/.test(uri) && component !== '' ? [`deb ${uri} ${release} ${component}`] : [];
  });
  const unique = [...new Set(lines)];
  // Only with the release itself is it a whole list.
  return unique.some((line) => line.split(' ')[2] === suite) ? unique : [];
}

/** The settings that say how to fetch, of what `apt-config dump` prints: proxies, checks of dates, retries. */
export function acquireOptions(configuration: string): readonly string[] {
  return configuration
    .split('\n')
    .filter((line) => /^Acquire::(https?::|Check-|Retries|ForceIPv)/i.test(line))
    .filter((line) => !line.endsWith(' "";'))
    .filter(
      (line) => !/::(CaInfo|CaPath|SslCert|SslKey|Proxy-Auto-Detect|ProxyAutoDetect|User-Agent)/i.test(line),
    );
}

/** The same as files for /etc/apt, with this machine's certificates where the packages come by TLS. */
export async function aptFiles(settings: AptSettings): Promise<Readonly<Record<string, string | Buffer>>> {
  const secure = settings.sources.some((line) => line.startsWith('deb https:'));
  const ca = secure ? await readFile(certificates).catch(() => undefined) : undefined;
  const options = [
    ...settings.options,
    ...(ca === undefined ? [] : ['Acquire::https::CaInfo "/etc/apt/host-certificates.crt";']),
  ];
  return {
    'host.conf': options.map((line) => `${line}\n`).join(''),
    ...(settings.sources.length === 0
      ? {}
      : { 'host.list': settings.sources.map((line) => `${line}\n`).join('') }),
    ...(ca === undefined ? {} : { 'host-certificates.crt': ca }),
  };
}
