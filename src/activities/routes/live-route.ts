import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import { parseJson } from '../../contracts/json.ts';
import { lastWords, notUnderstood } from '../bounded-answer.ts';
import type { CommandOptions, SshConnection } from '../ssh/pool.ts';
import { deleteCommand, replaceCommand, showCommand, unitName } from './unit.ts';
import type { WantedRoute } from './wanted-route.ts';

/** A machine that can be given commands, and how people call it. */
export type RouteHost = {
  readonly connection: SshConnection;
  readonly name: string;
  readonly signal: AbortSignal;
};

export type LiveRoute = {
  /** The unit's text; undefined: there is none. */
  readonly unit: string | undefined;
  /** Whether it runs at the next boot. */
  readonly enabled: boolean;
  /** What the kernel does now; undefined: it has no route to exactly that destination. */
  readonly kernel: KernelRoute | undefined;
};
export type KernelRoute = {
  readonly via: string | undefined;
  readonly device: string | undefined;
  /** Neither dead nor without a link. */
  readonly usable: boolean;
};

const separator = '-- braid --';

export async function observeRoute(host: RouteHost, route: WantedRoute): Promise<LiveRoute> {
  const unit = unitName(route);
  const output = await command(
    host,
    `cat ${unitPath(unit)} 2>/dev/null
echo '${separator}'
systemctl is-enabled ${unit} 2>/dev/null
echo '${separator}'
${showCommand(route)}`,
    'look at a route',
    { sudo: true },
  );
  const [text = '', enabled = '', kernel = ''] = output.split(`${separator}\n`);
  return {
    unit: text === '' ? undefined : text,
    enabled: enabled.trim() === 'enabled',
    kernel: parseKernel(kernel, host),
  };
}

/** Persistent first: a machine that goes down in between comes up with the route. */
export async function applyRoute(host: RouteHost, route: WantedRoute, text: string): Promise<void> {
  const unit = unitName(route);
  await host.connection.writeFile(unitPath(unit), text, 0o644, host.signal, { sudo: true });
  await command(
    host,
    `set -e
systemctl daemon-reload
systemctl --quiet enable ${unit}
${replaceCommand(route)}
systemctl start ${unit}`,
    `set the route to ${route.destination} via ${route.via}`,
    { sudo: true },
  );
}

/** Absence is success. */
export async function dropRoute(host: RouteHost, route: WantedRoute): Promise<void> {
  const unit = unitName(route);
  await command(
    host,
    `systemctl --quiet disable --now ${unit} 2>/dev/null
rm -f ${unitPath(unit)} && systemctl daemon-reload || exit
systemctl reset-failed ${unit} 2>/dev/null
${deleteCommand(route)} 2>/dev/null
true`,
    `remove the route to ${route.destination}`,
    { sudo: true },
  );
}

const word = z.string().max(100);
const kernelSchema = z.array(
  z.object({
    gateway: word.optional(),
    dev: word.optional(),
    flags: z.array(word).default([]),
  }),
);

/** The first is the one of the lowest metric, which is the one used. */
function parseKernel(text: string, host: RouteHost): KernelRoute | undefined {
  const parsed = kernelSchema.safeParse(text.trim() === '' ? [] : parseJson(text));
  if (!parsed.success) throw notUnderstood(host.name, 'look at a route');
  const [first] = parsed.data;
  if (first === undefined) return undefined;
  const { gateway, dev, flags } = first;
  return { via: gateway, device: dev, usable: !flags.includes('dead') && !flags.includes('linkdown') };
}

function unitPath(unit: string): string {
  return `/etc/systemd/system/${unit}`;
}

async function command(
  host: RouteHost,
  line: string,
  what: string,
  options: CommandOptions,
): Promise<string> {
  const { status, stdout, stderr } = await host.connection.run(line, host.signal, {
    ...options,
    purpose: what,
  });
  if (status === 0) return stdout;
  throw failure('ScriptFailed', `${host.name} could not ${what}: ${lastWords(stderr) || `status ${status}`}`);
}
