import { encodeBytes } from '../../base/go-bytes.ts';
import { joinPath } from '../../base/go-path.ts';
import { trimSpace } from '../../base/go-unicode.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { customName, type ExecDevice, type ExecMountOptions, State } from '../../llb/index.ts';
import type { RunInstruction } from '../instructions/index.ts';
import type { EnvGetter } from '../shell/index.ts';
import { chompHeredoc, parseHeredocWord } from '../syntax/index.ts';
import type { DispatchContext } from './context.ts';
import type { ConvertOptions } from './options.ts';
import { addHistory } from './history.ts';
import { sourceLocation } from './locations.ts';
import { runMounts } from './run-mounts.ts';
import { secretEnv } from './run-secrets.ts';
import { withShell } from './shell-form.ts';
import type { StageCommand, StageState } from './stage-state.ts';
import { displayCommand, nextStepName } from './step-name.ts';

/** Where a script given inline is mounted. */
const scriptDir = '/dev/pipes/';

export function convertRun(
  stage: StageState,
  instruction: RunInstruction,
  command: StageCommand,
  context: DispatchContext,
): void {
  // A command may read any file.
  stage.paths.add('/');
  const { options } = context;
  const { caps } = options;
  const inline = inlineCommand(stage, instruction);
  const args = instruction.prependShell ? withShell(stage.image, inline.args) : inline.args;
  const { mounts, secrets, ssh } = runMounts(stage, instruction, command.sources, context);
  if (inline.mount !== undefined) mounts.unshift(inline.mount);
  if (options.shmSize > 0n && caps.supports('exec.mount.tmpfs.size')) mounts.push(sharedMemory(options.shmSize));
  const { env } = stage.state;
  const lex = { ...context.lex, rawQuotes: true, skipUnsetEnv: true };
  const title = displayCommand(`${instruction.code}${inline.summary}`, secretEnv(instruction, env), lex);
  stage.state = stage.state.run({
    args,
    mounts,
    secrets,
    ssh,
    devices: caps.supports('exec.meta.cdi') ? devices(instruction, options) : [],
    extraHosts: options.extraHosts,
    ulimits: caps.supports('exec.meta.ulimit') ? options.ulimits : [],
    cgroupParent: caps.supports('exec.meta.cgroup.parent') ? options.cgroupParent : '',
    network: instruction.network === 'default' ? undefined : instruction.network,
    insecure: instruction.security === 'insecure',
    proxy: context.proxy,
    ignoreCache: stage.ignoreCache,
    linuxResources: caps.supports('exec.meta.linux.resources') ? options.linuxResources : undefined,
    description: {
      'com.docker.dockerfile.v1.command': instruction.code,
      [customName]: nextStepName(stage, title, stage.state.platform, env),
    },
    locations: [sourceLocation(context, instruction.lines)],
  });
  addHistory(stage, context, `RUN ${withBuildArgs(stage, args, env)} # buildkit`, { makesLayer: true });
}

interface InlineCommand {
  readonly args: readonly string[];
  /** Added to the step's name. */
  readonly summary: string;
  readonly mount?: ExecMountOptions;
}

/** What here-documents make of the command: a script, a file with `#!` that is run, or input for the shell. */
function inlineCommand(stage: StageState, { command, files, prependShell }: RunInstruction): InlineCommand {
  const [file] = files;
  if (file === undefined) return { args: command, summary: '' };
  const [line] = command;
  if (line === undefined || command.length !== 1 || !prependShell) {
    throw new TsbuildxError('DOCKERFILE', `parsing produced an invalid run command: [${command.join(' ')}]`);
  }
  if (!isHeredocWord(line)) {
    return { args: [[line, ...files.map(({ data, name }) => data + name)].join('\n')], summary: '' };
  }
  const data = file.chomp ? chompHeredoc(file.data) : file.data;
  const summary = ` (${summarize(file.data)})`;
  if (stage.image.os === 'windows' || !data.startsWith('#!')) return { args: [data], summary };
  const script = inlineFile(file.name, 0o755, data);
  return {
    args: [joinPath(scriptDir, file.name)],
    summary,
    mount: { target: scriptDir, source: script.output, selector: '/', readonly: true, noOutput: false },
  };
}

function isHeredocWord(word: string): boolean {
  try {
    return parseHeredocWord(word) !== undefined;
  } catch {
    return false; // an open quote: for the shell to judge
  }
}

/** A file system that holds one file given in the Dockerfile. */
export function inlineFile(path: string, mode: number, data: string): State {
  return State.scratch().file([{ kind: 'mkfile', path, mode, data: encodeBytes(data) }], {
    description: { [customName]: '[internal] preparing inline document' },
  });
}

/** The first line. */
function summarize(document: string): string {
  const lines = trimSpace(document).replaceAll('\r\n', '\n').split('\n');
  return `${lines[0] ?? ''}${lines.length > 1 ? '...' : ''}`;
}

function sharedMemory(size: bigint): ExecMountOptions {
  return { target: '/dev/shm', source: undefined, selector: '', readonly: false, noOutput: false, tmpfsSize: size };
}

/** The devices of all RUNs, and those that the labs channel lets this one have. */
function devices(instruction: RunInstruction, { devices: shared, isLabs }: ConvertOptions): readonly ExecDevice[] {
  const asked = instruction.devices.map(({ name, required }) => ({ name, optional: !required }));
  if (asked.length > 0 && !isLabs) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      'device feature is only supported in Dockerfile frontend 1.14.0-labs or later',
    );
  }
  return [...shared, ...asked];
}

/** The command as history shows it: after the ARGs that it could see. */
function withBuildArgs(stage: StageState, args: readonly string[], env: EnvGetter): string {
  const values = new Map<string, string>();
  for (const [key, value] of stage.buildArgs.entries()) values.set(key, `${key}=${env.get(key) ?? value ?? ''}`);
  const prefix = values.size === 0 ? [] : [`|${values.size}`, ...values.values()];
  return [...prefix, ...args].join(' ');
}
