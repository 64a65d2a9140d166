import { createHash } from 'node:crypto';

const longest = 63;

/** The name of a network at its provider: `<deployment>-<node>`, without what providers do not take. */
export function networkName(deployment: string, node: string, index: number): string {
  const suffix = index === 0 ? '' : `-${index}`;
  return shorten(`${deployment}-${node}${suffix}`.replaceAll(/[^a-zA-Z0-9_.-]/g, '-'));
}

/** The name of a machine at its provider, a DNS label: `<deployment>-<instance id>`. */
export function machineName(deployment: string, instance: string): string {
  return shorten(dnsLabel(`${deployment}-${instance}`));
}

/** What is left of a text when only letters, digits and inner dashes may stay. */
export function dnsLabel(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** Too long a name keeps its beginning and gets a hash of the whole, so that it stays its own. */
function shorten(name: string): string {
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${hash}`;
}
