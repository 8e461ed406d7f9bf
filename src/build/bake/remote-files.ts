// Matches ReadRemoteFiles of buildx bake/remote.go: definitions of a git repository or a web server, read through the builder.
import type { BakeFile } from '../../bake/index.ts';
import { TsbuildxError } from '../../base/errors.ts';
import type { BuilderNode } from '../../builder/index.ts';
import type { SolveStatus } from '../../buildkit/control/index.ts';
import { isRpcError } from '../../buildkit/rpc/index.ts';
import { gitContext, isArchive } from '../../dockerfile/frontend/index.ts';
import { encodeDefinition, parseGitUrl } from '../../llb/index.ts';
import { type Attachable, secretsAttachable, sshAttachable } from '../../session/index.ts';
import { fetched, fetchedName, marshalPlain, unpacked } from '../archive-context.ts';
import { readSource, type RemoteFiles } from '../fetch-file.ts';
import { secretReaders } from '../secrets.ts';
import { openSshAgents } from '../ssh-agents.ts';
import { defaultFiles } from './local-files.ts';

export interface RemoteSetting {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly onStatus: (status: SolveStatus) => void;
  readonly onWarning: (message: string) => void;
}

/** Files, and where contexts in them are relative to; neither: to the working directory. */
export interface RemoteDefinition {
  readonly files: readonly BakeFile[];
  /** The URL of a git repository. */
  readonly repository: string | undefined;
  /** The URL of an archive. */
  readonly archive: string | undefined;
}

const sizeLimit = 2 << 20;

/** Errors: INVALID_ARGUMENT, RPC_FAILED (also of files that are not there), CANCELED. */
export async function readRemoteFiles(
  node: BuilderNode,
  url: string,
  names: readonly string[],
  setting: RemoteSetting,
): Promise<RemoteDefinition> {
  const source = gitContext(url, { keepGitDir: false, commitTimes: false });
  if (source !== undefined) {
    const attachables = await gitAttachables(url, setting);
    const files = await readSource(
      node,
      { source, url, attachables },
      setting,
      async (found, options) => await filesOf(found, names, options),
    );
    return { files, repository: url, archive: undefined };
  }
  const found = await readSource(
    node,
    { source: fetched(url), url, attachables: [] },
    setting,
    async (file, options) => {
      return await filesOfWeb(file, { url, names }, options);
    },
  );
  return { files: found.files, repository: undefined, archive: found.isArchive ? url : undefined };
}

async function filesOfWeb(
  { bridge, ref }: RemoteFiles,
  { url, names }: { readonly url: string; readonly names: readonly string[] },
  options: { readonly signal: AbortSignal },
): Promise<{ readonly files: BakeFile[]; readonly isArchive: boolean }> {
  const path = fetchedName;
  const { size } = await bridge.statFile({ ref, path }, options);
  const head = await bridge.readFile({ ref, path, range: { offset: 0, length: 1024 } }, options);
  if (isArchive(head)) {
    const { ref: root } = await bridge.solve({ definition: encodeDefinition(marshalPlain(unpacked(url))) }, options);
    if (root === undefined) throw new TsbuildxError('PROTOCOL', `the daemon has nothing of ${url}`);
    return { files: await filesOf({ bridge, ref: root.id }, names, options), isArchive: true };
  }
  if (size > sizeLimit) {
    const what = 'non-archive definition URL bigger than maximum allowed size (2.097MB)';
    throw new TsbuildxError('INVALID_ARGUMENT', what);
  }
  return { files: [{ name: url, data: await bridge.readFile({ ref, path }, options) }], isArchive: false };
}

async function filesOf(
  { bridge, ref }: RemoteFiles,
  names: readonly string[],
  options: { readonly signal: AbortSignal },
): Promise<BakeFile[]> {
  const files: BakeFile[] = [];
  for (const name of names.length > 0 ? names : defaultFiles) {
    try {
      await bridge.statFile({ ref, path: name }, options);
    } catch (error) {
      if (names.length > 0 || !isRpcError(error)) throw error;
      continue;
    }
    files.push({ name, data: await bridge.readFile({ ref, path: name }, options) });
  }
  return files;
}

/** Keys and tokens that the environment names for the repository. */
async function gitAttachables(url: string, { env, cwd, signal, onWarning }: RemoteSetting): Promise<Attachable[]> {
  const paths = env['BUILDX_BAKE_GIT_SSH']?.split(',').filter((path) => path !== '') ?? [];
  const sources = { env, cwd, askPassphrase: () => Promise.resolve(undefined) };
  // who has no agent may not need one
  const agents = await openSshAgents([{ id: 'default', paths }], sources, { signal }).catch(() => new Map());
  const secrets = await secretReaders(gitAuthSecrets(url, env), { env, cwd });
  return [sshAttachable({ agents, onWarning }), ...(secrets.size > 0 ? [secretsAttachable({ secrets })] : [])];
}

const gitAuth = [
  ['GIT_AUTH_TOKEN', 'BUILDX_BAKE_GIT_AUTH_TOKEN'],
  ['GIT_AUTH_HEADER', 'BUILDX_BAKE_GIT_AUTH_HEADER'],
] as const;

/** What git asks for at the host of the URL, as far as the environment has it. */
export function gitAuthSecrets(
  url: string,
  env: RemoteSetting['env'],
): { readonly id: string; readonly env: string; readonly src: string }[] {
  const host = gitHost(url);
  if (host === undefined) return [];
  return gitAuth.flatMap(([id, variable]) => {
    const name = Object.keys(env).find((key) => key.toUpperCase() === variable);
    return name === undefined ? [] : [{ id: `${id}.${host}`, env: name, src: '' }];
  });
}

export function gitHost(url: string): string | undefined {
  try {
    return parseGitUrl(url)?.host || undefined;
  } catch {
    return undefined;
  }
}
