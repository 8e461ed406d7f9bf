import { readFile } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { once } from 'node:events';
import { messageOf, TsbuildxError, wrap } from '../../base/errors.ts';
import { members } from '../../base/json-object.ts';
import type { CompileOptions, CompileResult, LlbTextFormat } from '../../index.ts';
import { parseBuildContexts } from '../flags/build-context.ts';
import { resolveSources } from '../flags/context-source.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { openStdin, readAll } from '../stdin.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { parseKeyValues, parsePlatforms } from '../../values/index.ts';

interface LlbFlagValues {
  readonly 'build-arg': readonly string[];
  readonly 'build-context': readonly string[];
  readonly file: string | undefined;
  readonly format: string;
  readonly label: readonly string[];
  readonly platform: readonly string[];
  readonly resolve: string;
  readonly target: string | undefined;
}

const flags: FlagsFor<LlbFlagValues> = {
  'build-arg': { kind: 'array', usage: 'Set build-time variables' },
  'build-context': { kind: 'array', usage: 'Additional build contexts (e.g., name=path)' },
  file: { kind: 'string', short: 'f', usage: 'Name of the Dockerfile (default: "PATH/Dockerfile")' },
  format: { kind: 'string', default: 'json', usage: 'Format of the output ("json", "proto", "dot", "mermaid")' },
  label: { kind: 'array', usage: 'Set metadata for an image' },
  platform: { kind: 'array', usage: 'Set target platform for build' },
  resolve: {
    kind: 'string',
    default: 'registry',
    usage: 'Where configs of base images come from ("registry", "none", or a JSON file of configs by reference)',
  },
  target: { kind: 'string', usage: 'Set the target build stage to build' },
};

export const llbCommand: Command = defineCommand<LlbFlagValues>({
  name: 'llb',
  aliases: [],
  synopsis: '[OPTIONS] PATH | -',
  summary: 'Compile a Dockerfile to LLB without a daemon',
  arity: 1,
  flags,
  usesBuilder: false,
  run: runLlb,
});

async function runLlb(values: LlbFlagValues, context: CommandContext): Promise<void> {
  const format = parseFormat(values.format);
  if (format === 'proto' && process.stdout.isTTY) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'refusing to write --format=proto to a terminal: redirect it');
  }
  const options = await compileOptions(values, context);
  const { compile, formatLlb } = await import('../../index.ts');
  const warn = (text: string): void => void process.stderr.write(`WARNING: ${text}\n`);
  const { platforms, warnings } = await compile(options, { signal: context.signal, onWarning: warn });
  for (const { short } of warnings) warn(Buffer.from(short).toString());
  await write(format === 'proto' ? onlyDefinition(platforms) : formatLlb(platforms, format));
}

function parseFormat(text: string): LlbTextFormat | 'proto' {
  if (text === 'json' || text === 'proto' || text === 'dot' || text === 'mermaid') return text;
  throw new TsbuildxError(
    'INVALID_ARGUMENT',
    `invalid --format ${JSON.stringify(text)}: use json, proto, dot or mermaid`,
  );
}

async function compileOptions(values: LlbFlagValues, { invocation, args }: CommandContext): Promise<CompileOptions> {
  const { env } = process;
  const buildArgs = parseKeyValues(values['build-arg'], (name) => env[name]);
  if (env['SOURCE_DATE_EPOCH']) buildArgs['SOURCE_DATE_EPOCH'] ??= env['SOURCE_DATE_EPOCH'];
  const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return {
    ...(await resolveSources(args[0] ?? '', values.file, { isDirectory, openStdin, readAll })),
    docker: invocation.docker,
    target: values.target,
    platforms: parsePlatforms(values.platform, process),
    buildArgs,
    labels: parseKeyValues(values.label, () => ''),
    namedContexts: parseBuildContexts(values['build-context']),
    resolve: await readResolve(values.resolve),
  };
}

async function readResolve(text: string): Promise<CompileOptions['resolve']> {
  if (text === 'registry' || text === 'none') return text;
  let json: unknown;
  try {
    json = JSON.parse(await readFile(text, 'utf8'));
  } catch (error) {
    throw wrap(error instanceof SyntaxError ? 'INVALID_ARGUMENT' : 'IO', `--resolve=${text}`, messageOf(error));
  }
  const images = members(json);
  if (images.length === 0) {
    throw new TsbuildxError('INVALID_ARGUMENT', `--resolve=${text}: not a JSON object of image configs by reference`);
  }
  return Object.fromEntries(images);
}

function onlyDefinition(platforms: CompileResult['platforms']): Uint8Array {
  const [only, ...more] = platforms;
  if (only !== undefined && more.length === 0) return only.definition;
  throw new TsbuildxError('INVALID_ARGUMENT', '--format=proto holds one platform: give one --platform');
}

async function write(data: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain');
}
