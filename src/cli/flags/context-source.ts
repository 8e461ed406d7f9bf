import type { Readable } from 'node:stream';
import { TsbuildxError } from '../../base/errors.ts';
import type { BuildOptions, ContextSource, DockerfileSource } from '../../index.ts';

/** What the words of the command line are decided by. */
export interface SourceFacts {
  isDirectory(path: string): boolean;
  /** The first bytes of stdin, and all of it. */
  openStdin(): Promise<{ readonly head: Uint8Array; readonly stream: Readable }>;
  readAll(stream: Readable): Promise<Uint8Array>;
}

type Sources = Pick<BuildOptions, 'context' | 'dockerfile'>;

/** The context argument together with `--file`. Matches buildx build/opt.go loadInputs. Throws INVALID_ARGUMENT. */
export async function resolveSources(context: string, file: string | undefined, facts: SourceFacts): Promise<Sources> {
  if (context === '') throw invalid('please specify build context (e.g. "." for the current directory)');
  if (context === '-') return await fromStdin(file || undefined, facts);
  return { context: await contextOf(context, facts), dockerfile: await dockerfileOf(file || undefined, facts) };
}

/** An archive is the context, anything else the Dockerfile. */
async function fromStdin(file: string | undefined, facts: SourceFacts): Promise<Sources> {
  if (file === '-') throw invalid("invalid argument: can't use stdin for both build context and dockerfile");
  const { head, stream } = await facts.openStdin();
  const { isArchive } = await import('../../dockerfile/frontend/index.ts');
  if (isArchive(head)) return { context: { kind: 'tar', stream }, dockerfile: await dockerfileOf(file, facts) };
  const context: ContextSource = { kind: 'memory', files: {} };
  if (head.length === 0) {
    if (file !== undefined && isHttpUrl(file)) return { context, dockerfile: { kind: 'url', url: file } };
    throw invalid('failed to solve: failed to read dockerfile: no local sources enabled: there is nothing on stdin');
  }
  if (file !== undefined) {
    throw invalid('ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
  }
  return { context, dockerfile: { kind: 'text', text: await facts.readAll(stream) } };
}

async function contextOf(text: string, facts: SourceFacts): Promise<ContextSource> {
  if (facts.isDirectory(text)) return { kind: 'local', path: text };
  const { isRemoteUrl } = await import('../../build/index.ts');
  if (isRemoteUrl(text)) return { kind: 'remote', url: text };
  throw new TsbuildxError('NOT_FOUND', `unable to prepare context: path ${JSON.stringify(text)} not found`);
}

async function dockerfileOf(file: string | undefined, facts: SourceFacts): Promise<DockerfileSource | undefined> {
  if (file === undefined) return undefined;
  if (file === '-') return { kind: 'text', text: await facts.readAll((await facts.openStdin()).stream) };
  return isHttpUrl(file) ? { kind: 'url', url: file } : { kind: 'path', path: file };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
