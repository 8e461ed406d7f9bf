// Matches ReadRemoteFiles of buildx bake/remote.go: definitions of a git repository or a web server, read through the builder.
import type { BakeFile } from '../../bake/index.ts';
import { TsbuildxError } from '../../base/errors.ts';
import type { BuilderNode } from '../../builder/index.ts';
import type { SolveStatus } from '../../buildkit/control/index.ts';
import { isRpcError } from '../../buildkit/rpc/index.ts';
import { gitContext, isArchive } from '../../dockerfile/frontend/index.ts';
import { customName, httpSource, parseGitUrl } from '../../llb/index.ts';
import { type Attachable, secretsAttachable, sshAttachable } from '../../session/index.ts';
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

/** Files, and the repository that contexts in them are relative to; undefined: these are relative to the working directory. */
export interface RemoteDefinition {
  readonly files: readonly BakeFile[];
  readonly repository: string | undefined;
}

const sizeLimit = 2 << 20;
const fileName = 'definition';

/** Errors: INVALID_ARGUMENT, NOT_FOUND, UNSUPPORTED (definitions in an archive), RPC_FAILED, CANCELED. */
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
    return { files, repository: url };
  }
  const http = httpSource(url, {
    filename: fileName,
    description: { [customName]: `[internal] load remote build context` },
  });
  const data = await readSource(
    node,
    { source: http, url, attachables: [] },
    setting,
    async ({ bridge, ref }, options) => {
      const { size } = await bridge.statFile({ ref, path: fileName }, options);
      const head = await bridge.readFile({ ref, path: fileName, range: { offset: 0, length: 1024 } }, options);
      if (isArchive(head)) {
        throw new TsbuildxError(
          'UNSUPPORTED',
          `${url} is an archive: definitions are read of git repositories and files`,
        );
      }
      if (size > sizeLimit) {
        const what = 'non-archive definition URL bigger than maximum allowed size (2.097MB)';
        throw new TsbuildxError('INVALID_ARGUMENT', what);
      }
      return await bridge.readFile({ ref, path: fileName }, options);
    },
  );
  return { files: [{ name: url, data }], repository: undefined };
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
