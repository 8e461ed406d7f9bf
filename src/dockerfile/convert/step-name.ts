// The names of steps in the progress: `[stage 2/5] RUN make`.
import { formatPlatformFully, normalizePlatform, parsePlatform, type Platform } from '../../oci/index.ts';
import { type EnvGetter, expandWord, type LexOptions } from '../shell/index.ts';
import type { StageState } from './stage-state.ts';

/** The command with its keyword in upper case and variables expanded; as written when it cannot be expanded. */
export function displayCommand(command: string, env: EnvGetter, lex: LexOptions): string {
  return upperCaseKeyword(expandOrKeep(command, env, lex));
}

/** Counts a step and gives its name. */
export function nextStepName(
  stage: StageState,
  command: string,
  platform: Platform | undefined,
  env: EnvGetter,
): string {
  if (stage.stepTotal === 0) return command;
  stage.stepIndex++;
  return stepName(stage, command, platform, env);
}

/** The name of a step that is counted already. */
export function stepName(stage: StageState, command: string, platform: Platform | undefined, env: EnvGetter): string {
  if (stage.stepTotal === 0) return command;
  const parts: string[] = [];
  if (stage.prefixPlatform && platform !== undefined) {
    parts.push(formatPlatformFully(platform) + crossTarget(platform, targetFromEnv(env)));
  }
  if (stage.name !== '') parts.push(stage.name);
  const width = String(stage.stepTotal).length;
  parts.push(`${String(stage.stepIndex).padStart(width)}/${stage.stepTotal}`);
  const onbuild = stage.isOnbuildStep ? 'ONBUILD ' : '';
  return `[${parts.join(' ')}] ${onbuild}${command}`;
}

function expandOrKeep(command: string, env: EnvGetter, lex: LexOptions): string {
  try {
    return expandWord(command, env, lex).result;
  } catch {
    return command;
  }
}

function upperCaseKeyword(command: string): string {
  const space = command.indexOf(' ');
  return space < 0 ? command.toUpperCase() : command.slice(0, space).toUpperCase() + command.slice(space);
}

/** `->arch` when a stage of one platform builds for another. */
function crossTarget(base: Platform, target: Platform | undefined): string {
  if (target === undefined) return '';
  const normal = normalizePlatform({
    ...target,
    os: target.os || base.os,
    architecture: target.architecture || base.architecture,
  });
  if (normal.os !== base.os) return `->${formatPlatformFully(normal)}`;
  if (normal.architecture === base.architecture) return '';
  const { variant = '' } = normal;
  return `->${normal.architecture}${variant === '' ? '' : `/${variant}`}`;
}

/** The platform that TARGET* variables name, as far as the stage has them. */
function targetFromEnv(env: EnvGetter): Platform | undefined {
  const found = { os: '', architecture: '', variant: '' };
  let isSet = false;
  for (const key of env.keys()) {
    const value = env.get(key) ?? '';
    if (key === 'TARGETPLATFORM') {
      try {
        return parsePlatform(value);
      } catch {
        continue; // not a platform: as good as not set
      }
    }
    if (key === 'TARGETOS') found.os = value;
    else if (key === 'TARGETARCH') found.architecture = value;
    else if (key === 'TARGETVARIANT') found.variant = value;
    else continue;
    isSet = true;
  }
  return isSet ? found : undefined;
}
