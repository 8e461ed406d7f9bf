import { messageOf, TsbuildxError, wrap } from '../../../base/errors.ts';
import type { EngineCallOptions, EngineClient } from '../../../docker/engine/index.ts';

/** More than any version is long. */
const MAX_VERSION = 4096;

/** What the buildkitd in a container calls itself. */
export async function buildkitdVersion(
  engine: EngineClient,
  container: string,
  options: EngineCallOptions,
): Promise<string> {
  try {
    const stream = await engine.execDialer(container, ['buildkitd', '--version'])(options);
    stream.setEncoding('utf8');
    let text = '';
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.length > MAX_VERSION) throw new TsbuildxError('PROTOCOL', 'unexpected version format: too long');
    }
    const [, , version, ...rest] = text.trim().split(/\s+/);
    if (version === undefined || rest.length !== 1) {
      throw new TsbuildxError('PROTOCOL', `unexpected version format: ${text}`);
    }
    return version;
  } catch (error) {
    throw wrap(error instanceof TsbuildxError ? error.code : 'TRANSPORT', 'getting version', messageOf(error));
  }
}
