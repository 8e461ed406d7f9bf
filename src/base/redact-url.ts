/** Parameters of a context's address that say which part of it is meant, and hold no secret. */
const HARMLESS: ReadonlySet<string> = new Set([
  'ref',
  'branch',
  'tag',
  'commit',
  'subdir',
  'checksum',
  'keep-git-dir',
  'submodules',
]);

/** Matches buildkit util/urlutil RedactCredentials: what is not a URL with user info stays as it is. */
export function redactCredentials(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@(.*)$/i.exec(url);
  if (match === null || !URL.canParse(url)) return url;
  const [, scheme = '', userinfo = '', rest = ''] = match;
  const hasPassword = userinfo.includes(':');
  const user = userinfo.startsWith(':') || userinfo === '' ? '' : 'xxxxx';
  return `${scheme}${user}${hasPassword ? ':xxxxx' : ''}@${rest}`;
}

/** A word of the command line without credentials, where it is the address of something: also without those in its query. */
export function redactAddress(word: string): string {
  const shown = redactCredentials(word);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(word)) return shown;
  return shown.replace(/([?&])([^=&#]*)=([^&#]*)/g, (pair, mark: string, name: string) =>
    HARMLESS.has(name) ? pair : `${mark}${name}=xxxxx`,
  );
}

/** A text whose addresses are without credentials. */
export function redactAddresses(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>]+/gi, redactAddress);
}
