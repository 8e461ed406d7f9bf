// Credentials as config.json keeps them. Matches docker/cli config/configfile and config/credentials: same keys, same
// search, same error texts.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { members, textMember } from '../../base/json-object.ts';
import { parseGoUrl } from '../../base/go-url.ts';
import { Secret } from '../../base/secret.ts';

/** What is known for one registry; all empty when nothing is. */
export interface Credentials {
  readonly username: string;
  readonly password: Secret;
  /** A refresh token, in place of user and password. */
  readonly identityToken: Secret;
  /** A bearer token that is sent as it is. */
  readonly registryToken: Secret;
}

/** By the address as it stands in the file: host, host and port, or a URL. */
export type AuthEntries = ReadonlyMap<string, Credentials>;

export const NO_CREDENTIALS: Credentials = {
  username: '',
  password: new Secret(''),
  identityToken: new Secret(''),
  registryToken: new Secret(''),
};

export function isAnonymous({ username, password, identityToken, registryToken }: Credentials): boolean {
  return username === '' && password.isEmpty && identityToken.isEmpty && registryToken.isEmpty;
}

/** Reads the `auths` of config.json; an entry that is wrong is empty, and the last such is told. */
export function parseAuths(value: unknown): { readonly entries: AuthEntries; readonly fault: string | undefined } {
  let fault: string | undefined;
  const entries = new Map<string, Credentials>();
  for (const [address, entry] of members(value)) {
    let login = { username: textMember(entry, 'username'), password: textMember(entry, 'password') };
    try {
      const auth = textMember(entry, 'auth');
      if (auth !== '') login = decodeAuth(auth);
    } catch (error) {
      fault = messageOf(error);
    }
    entries.set(address, {
      username: login.username,
      password: new Secret(login.password),
      identityToken: new Secret(textMember(entry, 'identitytoken')),
      registryToken: new Secret(textMember(entry, 'registrytoken')),
    });
  }
  return { entries, fault };
}

/** User and password of base64 of `user:password`. Throws INVALID_ARGUMENT. */
export function decodeAuth(auth: string): { readonly username: string; readonly password: string } {
  const text = Buffer.from(auth, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon <= 0) throw new TsbuildxError('INVALID_ARGUMENT', 'invalid auth configuration file');
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/^\0+|\0+$/g, '') };
}

/** The entry of a registry: under its own name, else the first whose address has that host. */
export function findAuth(entries: AuthEntries, address: string): Credentials {
  const exact = entries.get(address);
  if (exact !== undefined) return exact;
  for (const [key, entry] of entries) if (hostOf(key) === address) return entry;
  return NO_CREDENTIALS;
}

function hostOf(address: string): string {
  const scheme = address.indexOf('://');
  if (scheme >= 0) {
    try {
      const { host } = parseGoUrl(address);
      if (host !== '') return host;
    } catch {
      // Addresses that are no URL are cut by hand below.
    }
  }
  return (scheme >= 0 ? address.slice(scheme + 3) : address).split('/', 1)[0] ?? '';
}
