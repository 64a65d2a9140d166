import { readFile } from 'node:fs/promises';
import { findProgram } from '../packages.ts';
import { run } from '../toolchain/run.ts';

/** How this machine reaches Debian's packages. */
export type AptSettings = {
  /** `deb URI SUITE COMPONENT…`; empty: the usual ones. */
  readonly sources: readonly string[];
  /** `Acquire::http::Proxy "…";` and the like. */
  readonly options: readonly string[];
};

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** What apt of this machine knows of a Debian release; nothing on a machine without apt or with another release. */
export async function hostAptSettings(suite: string): Promise<AptSettings> {
  if ((await findProgram('apt-get')) === undefined) return { sources: [], options: [] };
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
  return { sources: debianSources(targets, suite), options: acquireOptions(configuration) };
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
