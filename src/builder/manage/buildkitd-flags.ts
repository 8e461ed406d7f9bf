// Matches buildx builder/builder.go parseBuildkitdFlags.
const ALLOW = '--allow-insecure-entitlement';
const NETWORK_HOST = 'network.host';

/**
 * What the daemon of a new node is started with. Steps in a container have a network of their own, so that the host's is
 * let in unless the user said what is.
 * @param given null when the user gave none
 * @param configured entitlements of the daemon's configuration file
 */
export function buildkitdFlags(
  given: readonly string[] | null,
  {
    driver,
    network,
    configured,
  }: { readonly driver: string; readonly network: string | undefined; readonly configured: readonly string[] },
): readonly string[] | null {
  const allowed = allowedEntitlements(given ?? []);
  const hostNetwork = network === 'host' && driver === 'docker-container' && !allowed.includes(NETWORK_HOST);
  const isContained = driver === 'docker-container' || driver === 'kubernetes';
  const unsaid = allowed.length === 0 && !configured.includes(NETWORK_HOST) && isContained;
  return hostNetwork || unsaid ? [...(given ?? []), `${ALLOW}=${NETWORK_HOST}`] : given;
}

/** Those before the first flag that is another one: the reference reads no further. */
function allowedEntitlements(flags: readonly string[]): string[] {
  const found: string[] = [];
  const words = [...flags];
  for (let word = words.shift(); word !== undefined && word !== '--'; word = words.shift()) {
    if (word === ALLOW) {
      const value = words.shift();
      if (value !== undefined) found.push(value);
    } else if (word.startsWith(`${ALLOW}=`)) {
      found.push(word.slice(ALLOW.length + 1));
    } else if (word.startsWith('-') && word !== '-') {
      break;
    }
  }
  return found;
}
