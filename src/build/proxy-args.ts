import type { DockerConfig, ProxyConfig } from '../docker/config/index.ts';

const NAMES: readonly (readonly [argument: string, key: keyof ProxyConfig])[] = [
  ['HTTP_PROXY', 'httpProxy'],
  ['HTTPS_PROXY', 'httpsProxy'],
  ['NO_PROXY', 'noProxy'],
  ['FTP_PROXY', 'ftpProxy'],
];

/** Build arguments from config.json's `proxies` for the engine at `host`, else its `default`. */
export function proxyBuildArgs({ proxies }: DockerConfig, host: string): Map<string, string> {
  const proxy = proxies[host] ?? proxies['default'] ?? {};
  return new Map(
    NAMES.flatMap(([argument, key]) => {
      const value = proxy[key];
      return value === undefined || value === '' ? [] : [[argument, value] as const];
    }),
  );
}
