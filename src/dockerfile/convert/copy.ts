// ADD and COPY.
import { joinPath } from '../../base/go-path.ts';
import { goQuote } from '../../base/go-quote.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { type CopyAction, customName, type OpOptions, parseOwner, State } from '../../llb/index.ts';
import type { AddInstruction, CopyInstruction } from '../instructions/index.ts';
import { parseChmod } from './chmod.ts';
import type { DispatchContext } from './context.ts';
import { contentSources, type CopySource, copySource } from './copy-sources.ts';
import { addHistory } from './history.ts';
import { sourceLocation } from './locations.ts';
import { checkChecksum, isWebSource } from './remote-source.ts';
import type { StageState } from './stage-state.ts';
import { displayCommand, nextStepName, stepName } from './step-name.ts';
import { isAbsoluteIn, normalizePath, prefixed, withoutDrive } from './system-path.ts';

/** Copies from the build context, from the web or git (ADD), or from another stage (COPY --from). */
export function convertCopy(
  stage: StageState,
  instruction: AddInstruction | CopyInstruction,
  from: StageState | undefined,
  context: DispatchContext,
): void {
  const dest = destination(stage, instruction.dest);
  const mode = instruction.chmod === '' ? undefined : parseChmod(instruction.chmod);
  if (instruction.kind === 'add') checkChecksum(instruction);
  const { env } = stage.state;
  const platform = stage.platform ?? context.targetPlatform;
  const command = displayCommand(instruction.code, env, context.lex);
  const title = nextStepName(stage, command, platform, env);

  const common: Common = {
    dest,
    mode,
    createDestPath: true,
    owner: instruction.chown === '' ? undefined : parseOwner(instruction.chown),
    excludePatterns: instruction.excludes,
  };
  const source: CopySource = {
    stage,
    instruction,
    title,
    state: from?.state ?? context.buildContext,
    isContext: from === undefined,
    carried:
      instruction.kind === 'add'
        ? { keepGitDir: instruction.keepGitDir, checksum: instruction.checksum }
        : { keepGitDir: undefined, checksum: '' },
  };
  const actions: CopyAction[] = [
    ...instruction.sources.map((path) => ({ ...common, ...copySource(path, source, context) })),
    ...contentSources(stage, instruction.contents).map((content) => ({ ...common, ...content })),
  ];
  const options: OpOptions = {
    ignoreCache: stage.ignoreCache,
    description: { [customName]: title },
    locations: [sourceLocation(context, instruction.lines)],
  };
  const isLinked = instruction.link && instruction.chmod === '' && context.options.caps.supports('mergeop');
  stage.state = isLinked
    ? linked(stage, actions, options, { title, link: stepName(stage, `LINK ${command}`, platform, env) }, context)
    : stage.state.file(actions, options);
  addHistory(stage, context, `${historyText(instruction)} # buildkit`, { makesLayer: true });
  noteUsedPaths(stage, instruction, from);
}

export type Common = Pick<CopyAction, 'dest' | 'mode' | 'createDestPath' | 'owner' | 'excludePatterns'>;

/** The files in a layer of their own, that is reused whatever lies below it. */
function linked(
  stage: StageState,
  actions: readonly CopyAction[],
  options: OpOptions,
  names: { readonly title: string; readonly link: string },
  context: DispatchContext,
): State {
  const id = context.host.newProgressGroupId();
  const layer = State.scratch().file(actions, {
    ...options,
    platform: stage.platform,
    progressGroup: { id, name: names.title, weak: true },
  });
  const merged = stage.state.merge([layer], {
    ...options,
    description: { [customName]: names.link },
    progressGroup: { id, name: names.title, weak: false },
  });
  // Over scratch the layer alone is left, without the settings of the stage.
  return stage.state.withOutput(merged.output);
}

function destination(stage: StageState, path: string): string {
  const os = stage.platform?.os ?? '';
  const local = prefixed('removing drive letter', () => withoutDrive(path, os, true));
  if (isAbsoluteIn(local, os)) return normalizePath('/', local, os, true);
  // A lone dot means the working directory itself, so it must end in a slash.
  return normalizePath(stage.state.dir, local === '.' || local === '' ? './' : local, os, true);
}

function historyText(instruction: AddInstruction | CopyInstruction): string {
  const { kind, chown, chmod, sources, contents, dest } = instruction;
  const parts = [kind.toUpperCase()];
  if (kind === 'copy' && instruction.parents) parts.push('--parents');
  if (chown !== '') parts.push(`--chown=${chown}`);
  if (chmod !== '') parts.push(`--chmod=${chmod}`);
  return [...parts, ...sources, ...contents.map(({ path }) => `<<${path}`), dest].join(' ');
}

/** Only what is used of a context is sent. */
function noteUsedPaths(
  stage: StageState,
  { kind, sources }: AddInstruction | CopyInstruction,
  from: StageState | undefined,
): void {
  const paths = from?.paths ?? stage.contextPaths;
  for (const path of sources) if (kind === 'copy' || !isWebSource(path)) paths.add(joinPath('/', path));
}

/** Fails when the stage that is copied from comes later in the file. */
export function requireDispatched(from: StageState | undefined, name: string, stage: StageState): void {
  if (from === undefined || from.dispatched) return;
  throw new TsbuildxError(
    'DOCKERFILE',
    `cannot copy from stage ${goQuote(name)}, it needs to be defined before current stage ${goQuote(stage.name)}`,
  );
}
