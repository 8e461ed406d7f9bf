import { TsbuildxError } from '../../base/errors.ts';
import type { BuildOptions, ContextSource, DockerfileSource } from '../../index.ts';

/** What the words of the command line are decided by. */
export interface SourceFacts {
  isDirectory(path: string): boolean;
  /** All of stdin; `checkHead` sees its beginning before the rest is read, and may throw. */
  readStdin(checkHead: (head: Uint8Array) => void): Promise<Uint8Array>;
}

type Sources = Pick<BuildOptions, 'context' | 'dockerfile'>;

/** The context argument together with `--file`. Matches buildx build/opt.go loadInputs. Throws INVALID_ARGUMENT. */
export async function resolveSources(context: string, file: string | undefined, facts: SourceFacts): Promise<Sources> {
  if (context === '') throw invalid('please specify build context (e.g. "." for the current directory)');
  if (context === '-') return await fromStdin(file, facts);
  return { context: contextOf(context, facts), dockerfile: await dockerfileOf(file, facts) };
}

async function fromStdin(file: string | undefined, facts: SourceFacts): Promise<Sources> {
  if (file === '-') throw invalid("invalid argument: can't use stdin for both build context and dockerfile");
  const data = await facts.readStdin((head) => {
    if (!isArchive(head)) return;
    const advice = 'unpack it and give its directory';
    throw new TsbuildxError('UNSUPPORTED', `an archive on stdin as build context is not supported yet: ${advice}`);
  });
  if (file !== undefined && file !== '') {
    throw invalid('ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles');
  }
  return { context: { kind: 'memory', files: {} }, dockerfile: { kind: 'text', text: data } };
}

function contextOf(text: string, facts: SourceFacts): ContextSource {
  if (facts.isDirectory(text)) return { kind: 'local', path: text };
  if (isRemoteUrl(text)) return { kind: 'remote', url: text };
  throw new TsbuildxError('NOT_FOUND', `unable to prepare context: path ${JSON.stringify(text)} not found`);
}

async function dockerfileOf(file: string | undefined, facts: SourceFacts): Promise<DockerfileSource | undefined> {
  if (file === undefined || file === '') return undefined;
  if (file === '-') return { kind: 'text', text: await facts.readStdin(() => undefined) };
  return isHttpUrl(file) ? { kind: 'url', url: file } : { kind: 'path', path: file };
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text);
}

/** http(s) URLs, and what git takes: its URL schemes, `user@host:path`, and `github.com/…`. */
function isRemoteUrl(text: string): boolean {
  return (
    isHttpUrl(text) ||
    /^(git|ssh):\/\//.test(text) ||
    /^[A-Za-z0-9_.-]+@[^/:]+:./.test(text) ||
    text.startsWith('github.com/')
  );
}

const magics: readonly (readonly number[])[] = [
  [0x42, 0x5a, 0x68], // bzip2
  [0x1f, 0x8b, 0x08], // gzip
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
];

/** A compressed stream, or a tar by the checksum of its first header. */
export function isArchive(data: Uint8Array): boolean {
  if (magics.some((magic) => magic.every((byte, i) => data[i] === byte))) return true;
  if (data.length < 512) return false;
  const field = Buffer.from(data.subarray(148, 156))
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (!/^[0-7]+$/.test(field)) return false;
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 0x20 : (data[i] ?? 0);
  return sum === Number.parseInt(field, 8);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
