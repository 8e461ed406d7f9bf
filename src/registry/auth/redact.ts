/** Parameters of requests that say what is asked for, and hold no secret. */
const HARMLESS: ReadonlySet<string> = new Set([
  'account',
  'client_id',
  'digest',
  'from',
  'mount',
  'ns',
  'offline_token',
  'scope',
  'service',
]);

/** The URL as it may be shown: without password, and without the values of parameters that may hold secrets. */
export function redactUrl(url: URL): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = 'xxxxx';
  for (const name of new Set(shown.searchParams.keys())) if (!HARMLESS.has(name)) shown.searchParams.set(name, 'xxxxx');
  shown.hash = '';
  return shown.href;
}
