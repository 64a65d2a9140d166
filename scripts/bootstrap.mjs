#!/usr/bin/env node
/**
 * The first step of `npm run demo` and `npm test`: plain JavaScript without a dependency, run by whatever Node the
 * machine has. It installs the npm packages, Node 24 among them, and hands over to it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestNode = 20;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, 'node_modules', '.bin');
const node = join(tools, 'node');

const [script, ...rest] = process.argv.slice(2);
requireNode();
if (script === undefined || !existsSync(join(root, 'scripts', `${script}.ts`))) {
  stop(
    `There is no scripts/${script ?? '…'}.ts to run. Type \`npm run demo\` or \`npm test\`; arguments come after \`--\`.`,
    2,
  );
}
installPackages();
handOver(join(root, 'scripts', `${script}.ts`), rest);

function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    stop(
      `Node ${process.versions.node} is too old: Braid needs Node ${oldestNode} or later to set itself up. Install one and run this again.`,
      1,
    );
  }
}

/** npm's own list of what it installed is younger than the lock file when the packages are up to date. */
function installPackages() {
  const reason = reasonToInstall();
  if (reason === undefined) return;
  const started = Date.now();
  console.log(`npm packages: ${reason}; running \`npm ci\` (about a minute)`);
  // The warnings are about this older Node; the packages are run by the Node among them.
  const ci = spawnSync('npm', ['ci', '--loglevel=error', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (ci.error) stop(`\`npm\` cannot be run: ${ci.error.message}`, 1);
  if (ci.status !== 0) stop('`npm ci` failed: see above, mend it and run this again.', ci.status ?? 1);
  if (!nodeWorks()) fetchNode();
  console.log(`npm packages: done in ${Math.round((Date.now() - started) / 1000)} s`);
}

function reasonToInstall() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return 'node_modules is missing or incomplete';
  if (statSync(installed).mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) {
    return 'package-lock.json is newer than node_modules';
  }
  if (!nodeWorks()) return 'node_modules has no Node that works here';
  return undefined;
}

function nodeWorks() {
  return spawnSync(node, ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Where install scripts are switched off, npm leaves the package `node` empty; its script is the one that we need. */
function fetchNode() {
  spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: join(root, 'node_modules', 'node'),
    stdio: 'inherit',
  });
  if (!nodeWorks())
    stop('The npm package `node` brought no Node that runs here; see what npm said above.', 1);
}

function handOver(file, args) {
  const child = spawn(node, [file, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH ?? ''}` },
  });
  passSignalsOn(child);
  endWithNpm(child);
  child.on('error', (error) => stop(`Node 24 cannot be started: ${error.message}`, 1));
  child.on('exit', (status, signal) => {
    process.exitCode = signal === null ? (status ?? 1) : 128 + constants.signals[signal];
  });
}

function passSignalsOn(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child too, which must not hear of it twice.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
}

/** The shell that npm runs us in dies of a SIGTERM to npm without passing it on, and we go on as an orphan. */
function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watching = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watching);
    child.kill('SIGTERM');
  }, 500);
  child.on('exit', () => clearInterval(watching));
}

function stop(message, status) {
  console.error(message);
  process.exit(status);
}
