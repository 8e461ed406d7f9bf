// Matches dockerfile2llb/validations.go: the lint rules that need more than one instruction to see.
import { suggest } from '../../base/suggest.ts';
import type { EnvList } from '../../llb/index.ts';
import {
  formatPlatformFully,
  normalizePlatform,
  parseNormalizedReference,
  parsePlatform,
  type Platform,
} from '../../oci/index.ts';
import type { ArgInstruction, Stage } from '../instructions/index.ts';
import { type Linter, rules } from '../lint/index.ts';
import { type EnvGetter, expandWord, type LexOptions, type WordExpansion } from '../shell/index.ts';
import { DockerfileError, type LineSpan, type SyntaxWarning } from '../syntax/index.ts';
import { metaArgs } from './args.ts';
import type { StageArgs } from './stage-args.ts';
import type { StageState } from './stage-state.ts';

const exactCase = { caseSensitive: true };
const reservedStageNames = new Set(['context', 'scratch']);

export function checkContinuations(warnings: readonly SyntaxWarning[], lint: Linter): void {
  for (const { url, start, end } of warnings) {
    if (url === rules.noEmptyContinuation.url) lint.report(rules.noEmptyContinuation, { start, end });
  }
}

export function checkStageNames(stages: readonly Stage[], lint: Linter): void {
  const seen = new Set<string>();
  for (const { from } of stages) {
    const { stageName, lines } = from;
    if (stageName === '') continue;
    if (reservedStageNames.has(stageName)) lint.report(rules.reservedStageName, lines, stageName);
    if (seen.has(stageName)) lint.report(rules.duplicateStageName, lines, stageName);
    seen.add(stageName);
  }
}

/** All keywords in the case that most of them have. */
export function checkKeywordCasing(stages: readonly Stage[], lint: Linter): void {
  const keywords = stages.flatMap(({ from, instructions }) => [from, ...instructions]);
  let balance = 0;
  for (const { name } of keywords) {
    if (name === name.toLowerCase()) balance--;
    else if (name === name.toUpperCase()) balance++;
  }
  const isLower = balance < 0;
  for (const { name, lines } of keywords) {
    const isRight = name === (isLower ? name.toLowerCase() : name.toUpperCase());
    if (!isRight) lint.report(rules.consistentInstructionCasing, lines, name, isLower ? 'lowercase' : 'uppercase');
  }
}

/** Base images must have a name also when no build arguments are given. */
export function checkDefaultBases(
  stages: readonly Stage[],
  metaInstructions: readonly ArgInstruction[],
  env: EnvList,
  lex: LexOptions,
  lint: Linter,
): void {
  try {
    const defaults = metaArgs(env, metaInstructions, {}, lex).env;
    for (const { from } of stages) {
      const { result } = expandWord(from.baseName, defaults, lex);
      if (!isImageName(result)) lint.report(rules.invalidDefaultArgInFrom, from.lines, from.baseName);
    }
  } catch {
    return; // the build itself will fail with this error
  }
}

function isImageName(text: string): boolean {
  try {
    parseNormalizedReference(text);
    return true;
  } catch {
    return false;
  }
}

/** Variables of a FROM line that no ARG declares. */
export function checkFromArgs(
  unmatched: ReadonlySet<string>,
  declared: ReadonlyMap<string, unknown>,
  env: EnvList,
  lines: LineSpan,
  lint: Linter,
): void {
  if (unmatched.size === 0) return;
  const known = new Set([...declared.keys(), ...env.keys()]);
  for (const name of unmatched) {
    if (!known.has(name))
      lint.report(rules.undefinedArgInFrom, lines, name, suggest(name, known, { ...exactCase, unordered: true }) ?? '');
  }
}

export function checkFromPlatform(stage: Stage, expansion: WordExpansion, env: EnvList, lint: Linter): void {
  const { lines, platform, stageName } = stage.from;
  const { matched, unmatched, result } = expansion;
  if (matched.size === 1 && unmatched.size === 0 && matched.has('TARGETPLATFORM')) {
    if (result === (env.get('TARGETPLATFORM') ?? '')) lint.report(rules.redundantTargetPlatform, lines, platform);
  }
  if (matched.size > 0 || unmatched.size > 0) return;
  let parsed: Platform;
  try {
    parsed = parsePlatform(result);
  } catch {
    return; // reported as an error where it is used
  }
  if (stageName.includes(parsed.os) || stageName.includes(parsed.architecture)) return;
  lint.report(rules.fromPlatformFlagConstDisallowed, lines, result);
}

export function checkBasePlatform(
  name: string,
  expected: Platform,
  actual: Platform,
  lines: LineSpan,
  lint: Linter,
): void {
  if (expected.os === actual.os && expected.architecture === actual.architecture) return;
  const text = (platform: Platform): string => formatPlatformFully(normalizePlatform(platform));
  lint.report(rules.invalidBaseImagePlatform, lines, name, text(expected), text(actual));
}

/** Arguments that are for the build only and never become variables. */
export const buildOnlyArgs: ReadonlySet<string> = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

/** Variables of an instruction that are set nowhere. */
export function checkVariables(
  unmatched: ReadonlySet<string>,
  args: StageArgs,
  env: EnvGetter,
  lines: LineSpan,
  lint: Linter,
): void {
  for (const name of unmatched) {
    if (buildOnlyArgs.has(name) || args.has(name)) continue;
    lint.report(rules.undefinedVar, lines, name, suggest(name, env.keys(), exactCase) ?? '');
  }
}

const secretName = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const harmlessName = /(?:_|^)(?:public|file|version)(?:_|$)/i;

export function checkSecretName(instruction: string, key: string, lines: LineSpan, lint: Linter): void {
  if (secretName.test(key) && !harmlessName.test(key))
    lint.report(rules.secretsUsedInArgOrEnv, lines, instruction, key);
}

/** CMD, ENTRYPOINT and HEALTHCHECK: only the last of a stage counts. */
export function checkUsedOnce(
  stage: StageState,
  kind: 'cmd' | 'entrypoint' | 'healthcheck',
  name: string,
  lines: LineSpan,
  lint: Linter,
): void {
  const previous = stage.lastUse.get(kind);
  if (previous !== undefined) lint.report(rules.multipleInstructionsDisallowed, previous, name);
  stage.lastUse.set(kind, lines);
}

/** Throws when stages need each other in a circle. */
export function checkCircles(stages: readonly StageState[]): void {
  const visited = new Set<StageState>();
  const path = new Set<StageState>();
  const visit = (stage: StageState, lines: readonly LineSpan[]): readonly LineSpan[] | undefined => {
    if (visited.has(stage)) return undefined;
    visited.add(stage);
    path.add(stage);
    for (const [dep, instruction] of stage.deps) {
      const next = [...lines, instruction.lines];
      if (path.has(dep)) return next;
      const found = visit(dep, next);
      if (found !== undefined) return found;
    }
    path.delete(stage);
    return undefined;
  };
  for (const stage of stages) {
    const lines = visit(stage, []);
    if (lines !== undefined) throw new DockerfileError(`circular dependency detected on stage: ${stage.name}`, lines);
  }
}
