import { spawn } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Note } from './report.ts';

/** A Debian package, wanted for a program that it brings. */
export type SystemPackage = { readonly name: string; readonly program: string; readonly why: string };

export const systemPackages = {
  engine: { name: 'docker.io', program: 'dockerd', why: 'the engine that machines and networks live on' },
  iptables: { name: 'iptables', program: 'iptables', why: 'the engine’s networks' },
  mmdebstrap: { name: 'mmdebstrap', program: 'mmdebstrap', why: 'the Debian that images are built on' },
  compose: {
    name: 'docker-compose',
    program: 'docker-compose',
    why: 'the check of docker-compose.temporal.yml',
  },
  browser: { name: 'chromium', program: 'chromium', why: 'the tests that start workflows in the Web UI' },
} as const satisfies Record<string, SystemPackage>;

export type InstallOptions = {
  /** Use sudo without asking when this is not root. */
  readonly yes: boolean;
  readonly note: Note;
};

/** Installs those whose program is not on the PATH. Without the right to, says the exact command to type. */
export async function installPackages(
  wanted: readonly SystemPackage[],
  options: InstallOptions,
): Promise<readonly string[]> {
  const missing = await missingPackages(wanted);
  if (missing.length === 0) return [];
  for (const { name, why } of missing) options.note(`${name} is missing: ${why}`);
  const names = missing.map(({ name }) => name);
  const prefix = await privilege(options.yes, names);
  const mended = (await isBroken(prefix)) ? await mend(prefix, options.note) : [];
  for (const command of installCommands(names, prefix, mended)) await run(command, options.note);
  const still = await missingPackages(wanted);
  if (still.length > 0) {
    throw new Error(
      `${still.map(({ name, program }) => `${name} is installed, but “${program}” is not on the PATH`).join('; ')}.`,
    );
  }
  return names;
}

export async function missingPackages(wanted: readonly SystemPackage[]): Promise<readonly SystemPackage[]> {
  const present = await Promise.all(wanted.map(({ program }) => findProgram(program)));
  return wanted.filter((_, index) => present[index] === undefined);
}

/** Where a program is: on the PATH, or where Debian keeps those of root. */
export async function findProgram(
  program: string,
  path: string = process.env['PATH'] ?? '',
): Promise<string | undefined> {
  for (const folder of [...path.split(delimiter), '/usr/sbin', '/sbin']) {
    if (folder === '') continue;
    const file = join(folder, program);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  return undefined;
}

/** The commands, each with its arguments, that install these packages, and again those that are there in part. */
export function installCommands(
  names: readonly string[],
  prefix: readonly string[],
  inPart: readonly string[] = [],
): readonly (readonly string[])[] {
  const again = inPart.length === 0 ? [] : ['--reinstall', ...inPart];
  return [
    [...prefix, 'apt-get', 'update', '-q'],
    [...prefix, 'apt-get', 'install', '-q', '-y', '--no-install-recommends', ...names, ...again],
  ];
}

/** Whether an earlier installation ended in its middle: apt-get refuses then to begin another. */
async function isBroken(prefix: readonly string[]): Promise<boolean> {
  return run([...prefix, 'apt-get', 'check', '-q'], () => {}).then(
    () => false,
    () => true,
  );
}

/** Finishes what can be; answers the packages that are there in part. */
async function mend(prefix: readonly string[], note: Note): Promise<readonly string[]> {
  note('an earlier installation of packages was interrupted; it is finished first');
  // Either may end in an error where the other, or installing again what is there in part, gets further.
  for (const command of [
    ['dpkg', '--configure', '-a'],
    ['apt-get', 'install', '-q', '-y', '--fix-broken'],
  ])
    await run([...prefix, ...command], note).catch(() => undefined);
  return halfInstalled(await run(['dpkg-query', '-W', '-f=${db:Status-Abbrev} ${Package}\\n'], () => {}));
}

/** Of lines such as `iHR containerd`, the packages whose files are there in part: their third letter says so. */
export function halfInstalled(states: readonly string[]): readonly string[] {
  return states.flatMap((line) => /^..R (\S+)/.exec(line)?.[1] ?? []);
}

/** Root on Debian may; others with `--yes` by sudo; else this ends with what to type. */
async function privilege(yes: boolean, names: readonly string[]): Promise<readonly string[]> {
  const debian = (await findProgram('apt-get')) !== undefined && (await isDebian());
  if (debian && process.getuid?.() === 0) return [];
  if (debian && yes && (await findProgram('sudo')) !== undefined) return ['sudo'];
  const typed = installCommands(names, ['sudo'])
    .map((command) => command.join(' '))
    .join(' && ');
  throw new Error(
    debian
      ? `Installing ${names.join(', ')} needs root. Type: ${typed}\nor run this again with --yes, which uses sudo.`
      : `This is no Debian: install what brings ${names.join(', ')} by your system’s own means, then run this again. On Debian it is: ${typed}`,
  );
}

async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*debian/m.test(release);
}

/** Runs a command, which is noted; returns the lines that it wrote. The error holds the last of them. */
function run(command: readonly string[], note: Note): Promise<readonly string[]> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      // Ctrl-C at the terminal would leave packages half installed; but sudo asks there for a password.
      detached: program !== 'sudo',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    });
    let output = '';
    const hear = (data: string) => (output += data);
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
    note(command.join(' '));
    child.once('error', reject);
    child.once('close', (status) => {
      const lines = output.trimEnd().split('\n');
      if (status === 0) resolve(lines);
      else
        reject(new Error(`\`${command.join(' ')}\` ended with ${status}:\n${lines.slice(-15).join('\n')}`));
    });
  });
}
