import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Access = {
  /** Of Web UIs, `http://localhost:8233`. A browser's request from elsewhere is refused. */
  readonly origins: readonly string[];
  /** Told by whoever asks. */
  readonly token: string;
};

/** A browser tells where a page comes from; a program does not. */
export function mayCome(access: Access, origin: string | undefined): boolean {
  return origin === undefined || access.origins.includes(origin);
}

/** By `Authorization: Bearer …`, or by the cookie of whoever signed in. */
export function isKnown({ token }: Access, { headers }: IncomingMessage): boolean {
  const [, bearer] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
  const [, cookie] = cookiePattern.exec(headers.cookie ?? '') ?? [];
  return [bearer, cookie].some((given) => given !== undefined && same(given, token));
}

/** A browser sends it along with the requests of the Web UI when that includes credentials. */
export function cookieOf(token: string, { headers }: IncomingMessage): string {
  // For a Web UI of another site the browser wants TLS, which a proxy before this server does.
  const encrypted = headers['x-forwarded-proto'] === 'https';
  return `${cookieName}=${token}; HttpOnly; Path=/; ${encrypted ? 'SameSite=None; Secure' : 'SameSite=Strict'}`;
}

export function isToken({ token }: Access, given: string): boolean {
  return same(given, token);
}

const cookieName = 'braid-codec';
const cookiePattern = new RegExp(`(?:^|; )${cookieName}=([^;]+)`);

/** In the same time, however much of it is right. */
function same(given: string, token: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(token));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
