import type { BuildResult } from './result.ts';

/** The id that `--iidfile` and `--quiet` give: the config digest, else the manifest's; undefined without an image. */
export function imageIdOf(result: BuildResult): string | undefined {
  const response = result.exporterResponse;
  return response['containerimage.config.digest'] || response['containerimage.digest'] || undefined;
}

/**
 * The content of `--metadata-file`: the exporters' answer, where a value that is the base64 of a non-empty JSON object
 * or array stands as that, keys sorted. Matches buildx commands/build.go decodeExporterResponse.
 */
export function metadataOf(result: BuildResult): Record<string, unknown> {
  const entries = Object.entries(result.exporterResponse).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, decodeJsonValue(value) ?? value]));
}

function decodeJsonValue(value: string): unknown {
  if (!/^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$/.test(value) || value.replace(/[\r\n]/g, '').length % 4 !== 0)
    return undefined;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(value, 'base64').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && Object.keys(parsed).length > 0 ? parsed : undefined;
  } catch {
    return undefined;
  }
}
