import { cleanPath, isAbsolutePath, joinPath } from '../../base/go-path.ts';
import { goQuote } from '../../base/go-quote.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { customName, type ExecMountOptions, type ExecSecret, type ExecSshSocket, State } from '../../llb/index.ts';
import type { Mount, RunInstruction } from '../instructions/index.ts';
import type { DispatchContext } from './context.ts';
import { noteMount } from './parameters.ts';
import { secretMount, sshMount } from './run-secrets.ts';
import type { StageState } from './stage-state.ts';

export interface RunMounts {
  readonly mounts: ExecMountOptions[];
  readonly secrets: ExecSecret[];
  readonly ssh: ExecSshSocket[];
}

/** The `--mount` flags of a RUN; notes the paths that they use. */
export function runMounts(
  stage: StageState,
  instruction: RunInstruction,
  sources: readonly StageState[],
  context: DispatchContext,
): RunMounts {
  const found: RunMounts = { mounts: [], secrets: [], ssh: [] };
  for (const [i, mount] of instruction.mounts.entries()) {
    const source = mount.from !== '' || mount.type === 'cache' ? sources[i] : undefined;
    if (source !== undefined && !source.dispatched) throw notYetDefined(mount);
    switch (mount.type) {
      case 'secret':
        found.secrets.push(noteSecret(stage, secretMount(mount), instruction));
        break;
      case 'ssh':
        found.ssh.push(noteSsh(stage, sshMount(mount), instruction));
        break;
      default:
        found.mounts.push(fileMount(stage, mount, source, context));
        (source?.paths ?? stage.contextPaths).add(joinPath('/', mount.source));
    }
  }
  return found;
}

function noteSecret(stage: StageState, secret: ExecSecret, { lines }: RunInstruction): ExecSecret {
  noteMount(stage.parameters.secrets, secret.id, { required: !secret.optional, lines });
  return secret;
}

function noteSsh(stage: StageState, socket: ExecSshSocket, { lines }: RunInstruction): ExecSshSocket {
  noteMount(stage.parameters.ssh, socket.id || 'default', { required: !socket.optional, lines });
  return socket;
}

function fileMount(
  stage: StageState,
  mount: Mount,
  source: StageState | undefined,
  context: DispatchContext,
): ExecMountOptions {
  const isCache = mount.type === 'cache';
  const isBind = mount.type === 'bind';
  const noOutput = isBind && !mount.readOnly && context.options.caps.supports('exec.mount.bind.readwrite-nooutput');
  let state = mount.type === 'tmpfs' ? State.scratch() : (source?.state ?? context.buildContext);
  let selector = joinPath('/', mount.source);
  if (selector === '/') {
    const hasOwner = mount.uid !== undefined || mount.gid !== undefined || mount.mode !== undefined;
    selector = hasOwner ? '/cache' : '';
    if (hasOwner) state = withCacheDirectory(state, mount);
  }
  return {
    target: absoluteTarget(stage, mount),
    source: state.output,
    selector,
    readonly: mount.readOnly,
    noOutput,
    cache: isCache
      ? {
          id: `${context.options.cacheIdNamespace}/${mount.id || cleanPath(mount.target)}`,
          sharing: mount.sharing || 'shared',
        }
      : undefined,
    tmpfsSize: mount.type === 'tmpfs' ? BigInt(mount.sizeLimit) : undefined,
  };
}

function absoluteTarget(stage: StageState, { target }: Mount): string {
  const path = isAbsolutePath(cleanPath(target)) ? target : joinPath('/', stage.state.dir, target);
  if (path === '/') throw new TsbuildxError('DOCKERFILE', `invalid mount target ${goQuote(path)}`);
  return path;
}

/** A new cache belongs to the owner asked for because it starts from a directory that does. */
function withCacheDirectory(state: State, { uid = 0, gid = 0, mode = 0o755 }: Mount): State {
  return state.file([{ kind: 'mkdir', path: '/cache', mode, makeParents: false, owner: { user: uid, group: gid } }], {
    description: { [customName]: '[internal] setting cache mount permissions' },
  });
}

function notYetDefined({ from, target }: Mount): TsbuildxError {
  return new TsbuildxError(
    'DOCKERFILE',
    `cannot mount from stage ${goQuote(from || 'scratch')} to ${goQuote(target)}, stage needs to be defined before current command`,
  );
}
