// Matches buildx store/storeutil GetProxyConfig.
import type { ProxyConfig } from '../docker/config/index.ts';
import { type EngineSettings, engineHost } from './open-engine.ts';

const NAMES: readonly (readonly [argument: string, key: keyof ProxyConfig])[] = [
  ['HTTP_PROXY', 'httpProxy'],
  ['HTTPS_PROXY', 'httpsProxy'],
  ['NO_PROXY', 'noProxy'],
  ['FTP_PROXY', 'ftpProxy'],
];

/**
 * Build arguments from config.json's `proxies` for the current engine, whichever builder it is that builds, else its
 * `default`. Throws NOT_FOUND, INVALID_ARGUMENT, IO when there are some for engines and the current one cannot be told.
 */
export async function proxyBuildArgs(settings: EngineSettings): Promise<Map<string, string>> {
  const { default: common, ...byHost } = settings.config.proxies;
  const own = Object.keys(byHost).length === 0 ? undefined : byHost[await engineHost(settings)];
  const proxy = own ?? common ?? {};
  return new Map(
    NAMES.flatMap(([argument, key]) => {
      const value = proxy[key];
      return value === undefined || value === '' ? [] : [[argument, value] as const];
    }),
  );
}
