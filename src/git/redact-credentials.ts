// Matches buildkit util/urlutil RedactCredentials.

/** A URL without its user and password; what is not a URL with user info stays as it is. */
export function redactCredentials(url: string): string {
  const match = /^([a-z][a-z0-9+.-]*:\/\/)([^/@]*)@(.*)$/i.exec(url);
  if (match === null || !URL.canParse(url)) return url;
  const [, scheme = '', userinfo = '', rest = ''] = match;
  const hasPassword = userinfo.includes(':');
  const user = userinfo.startsWith(':') || userinfo === '' ? '' : 'xxxxx';
  return `${scheme}${user}${hasPassword ? ':xxxxx' : ''}@${rest}`;
}
