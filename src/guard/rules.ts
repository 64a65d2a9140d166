import type { IncomingHttpHeaders } from 'node:http';

export type Rules = {
  /** As whom a browser may name this server: `127.0.0.1:8233`. */
  readonly hosts: readonly string[];
  /** Whether all that changes something must be JSON, which no page sends elsewhere without asking first. */
  readonly json: boolean;
};

export type Asked = { readonly method: string; readonly headers: IncomingHttpHeaders };

/**
 * Why a request is refused; undefined: it is not. A page of elsewhere is known by its origin, by what the browser says
 * of it, or by the name that it has this address under; a program that is no browser tells none of these.
 */
export function whyRefused({ hosts, json }: Rules, { method, headers }: Asked): string | undefined {
  const { host = '', origin, 'content-type': type = '' } = headers;
  if (!hosts.includes(host.toLowerCase())) {
    return `This is not ${host === '' ? 'a server without a name' : host}, but ${hosts.join(' or ')}.`;
  }
  if (origin !== undefined && !hosts.includes(hostOf(origin))) return `Pages of ${origin} are not served.`;
  if (isOfElsewhere(headers) && !opensPage(method, headers)) return 'Pages of another site are not served.';
  if (json && !reads.includes(method) && !/^application\/json *(;|$)/i.test(type)) {
    return 'Only application/json is taken.';
  }
  return undefined;
}

const reads: readonly string[] = ['GET', 'HEAD'];

function isOfElsewhere(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Whoever follows a link from elsewhere sees the page, and the other page does not. */
function opensPage(method: string, headers: IncomingHttpHeaders): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

function hostOf(origin: string): string {
  return /^https?:\/\/(.+)$/.exec(origin.toLowerCase())?.[1] ?? '';
}
