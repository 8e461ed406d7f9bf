import manifest from '../../../package.json' with { type: 'json' };
import { redactAddress } from '../../base/redact-url.ts';

type Attributes = Readonly<Record<string, string | readonly string[]>>;

/** Runs a command within the span that buildx has for it. Words that are URLs are told without their credentials. */
export async function traceWords<T>(
  words: readonly string[],
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  const { traceCommand } = await import('../../telemetry/index.ts');
  const shown = Object.entries(attributes).map(([name, value]): [string, string | string[]] => [
    name,
    typeof value === 'string' ? redactAddress(value) : value.map(redactAddress),
  ]);
  const options = {
    name: words.map(redactAddress).join(' '),
    attributes: Object.fromEntries(shown),
    resource: { 'telemetry.sdk.version': manifest.version },
    onWarning: (message: string): void => {
      if (process.env['DEBUG']) process.stderr.write(`WARNING: ${message}\n`);
    },
  };
  return await traceCommand(options, work);
}
