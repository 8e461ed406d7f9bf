import { TsbuildxError } from '../../base/errors.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface ImportFlagValues {
  readonly file: readonly string[];
}

const flags: FlagsFor<ImportFlagValues> = {
  file: { kind: 'array', short: 'f', usage: 'Import from a file path' },
};

export const historyImportCommand: Command = defineCommand<ImportFlagValues>({
  name: 'import',
  aliases: [],
  synopsis: '[OPTIONS] -',
  summary: 'Import build records into Docker Desktop',
  arity: { most: 1 },
  flags,
  usesBuilder: true,
  run: runImport,
});

async function runImport({ file }: ImportFlagValues, { args, signal }: CommandContext): Promise<void> {
  const [name] = args;
  if (name !== undefined && name !== '-') {
    throw new TsbuildxError('INVALID_ARGUMENT', `"import" takes "-" for a bundle on stdin; use --file ${name}`);
  }
  const [{ importBundles, importedUrl }, { openUrl }] = await Promise.all([
    import('../../index.ts'),
    import('../open-url.ts'),
  ]);
  const files = file.length === 0 || name === '-' ? [...file, '-'] : file;
  const bundles = files.map((path) => (path === '-' ? process.stdin : path));
  const urls = (await importBundles({ bundles }, { signal })).map(importedUrl);
  for (const url of urls) process.stderr.write(`${url}\n`);
  const [first] = urls;
  if (first !== undefined) await openUrl(first, { signal });
}
