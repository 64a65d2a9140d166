import { isJsonObject, type Json } from '../../contracts/json.ts';
import { jsonSchema } from '../../contracts/json-schemas.ts';
import { list, text } from './objects.ts';

/** Run in the router's container; what it lacks (FRR, iproute2) leaves its part empty. */
export const routerProbe = [
  'cat /proc/net/snmp',
  'echo @@',
  'cat /proc/net/dev',
  'echo @@',
  'vtysh -c "show ip route static json" 2>/dev/null || true',
  'echo @@',
  'ip -json -4 address show 2>/dev/null || true',
].join('; ');

export type RouterCounters = {
  readonly counters: Readonly<Record<string, number>>;
  /** `10.100.102.0/24 via eth1`, of the routes that are in the kernel's table. */
  readonly routes: readonly string[];
  /** Addresses of the interfaces that the routes lead out of. */
  readonly addresses: readonly string[];
  /** Whether the container has a routing daemon to ask. */
  readonly speaksRouting: boolean;
};

/** Reads the probe's output. Counters only ever grow while the machine runs. */
export function readCounters(output: string): RouterCounters {
  const [snmp = '', devices = '', routeText = '', addressText = ''] = output.split('@@');
  const routes = installedRoutes(parse(routeText));
  const interfaces = [...new Set(routes.map((route) => route.device))];
  const counters: Record<string, number> = { 'forwarded packets': forwardedPackets(snmp) };
  for (const name of interfaces) {
    const sent = sentPackets(devices, name);
    if (sent !== undefined) counters[`packets out of ${name}`] = sent;
  }
  return {
    counters,
    routes: routes.map((route) => `${route.prefix} via ${route.device}`),
    addresses: addressesOf(parse(addressText), interfaces),
    speaksRouting: routeText.trim() !== '',
  };
}

/** The column ForwDatagrams of the two lines «Ip:», titles and values. */
function forwardedPackets(snmp: string): number {
  const [titles = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Ip:'))
    .map((line) => line.trim().split(/\s+/u));
  const value = Number(values[titles.indexOf('ForwDatagrams')]);
  return Number.isFinite(value) ? value : 0;
}

/** The tenth number of an interface's line: packets sent. */
function sentPackets(devices: string, name: string): number | undefined {
  const line = devices.split('\n').find((candidate) => candidate.trim().startsWith(`${name}:`));
  const value = Number(line?.split(':')[1]?.trim().split(/\s+/u)[9] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

function installedRoutes(told: Json): readonly { readonly prefix: string; readonly device: string }[] {
  if (!isJsonObject(told)) return [];
  return Object.keys(told).flatMap((prefix) =>
    list(told, prefix)
      .filter((route) => route.installed === true)
      .flatMap((route) => list(route, 'nexthops'))
      .flatMap((hop) => {
        const device = text(hop, 'interfaceName');
        return device === undefined ? [] : [{ prefix, device }];
      }),
  );
}

function addressesOf(told: Json, interfaces: readonly string[]): readonly string[] {
  const found =
    interfaces.length > 0
      ? list({ told }, 'told').filter((one) => interfaces.includes(text(one, 'ifname') ?? ''))
      : [];
  return found.flatMap((one) => list(one, 'addr_info').flatMap((info) => text(info, 'local') ?? []));
}

function parse(written: string): Json {
  try {
    return jsonSchema.parse(JSON.parse(written));
  } catch {
    return null;
  }
}
