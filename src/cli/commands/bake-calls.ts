// Matches the calls of buildx commands/bake.go: targets that are asked something instead of being built.
import { TsbuildxError, messageOf } from '../../base/errors.ts';
import { goJson } from '../../base/go-json.ts';
import { indentJson } from '../../base/go-json-indent.ts';
import {
  type BakeDefinition,
  type BuildOptions,
  type CallResult,
  groupJson,
  targetJson,
  targetsNeeded,
} from '../../index.ts';
import { type CallFlag, parseCall } from '../../values/index.ts';

/** What targets are asked, by name. */
export type TargetCalls = ReadonlyMap<string, CallFlag>;

/** The targets that are not built but asked something; a flag decides for all how the answer looks. */
export function targetCalls({ targets }: BakeDefinition, flag: CallFlag | undefined): TargetCalls {
  const calls = new Map<string, CallFlag>();
  for (const [name, { call: text }] of targets) {
    const own = text === undefined ? undefined : parseCall(text);
    if (own === undefined) continue;
    calls.set(name, { ...own, ...(flag && { format: flag.format, ignoresStatus: flag.ignoresStatus }) });
  }
  return calls;
}

/** The builds of the targets that are built: those that are only contexts of calls are not. */
export function builtTargets({ builds, targets }: BakeDefinition, calls: TargetCalls): Map<string, BuildOptions> {
  const wanted = [...builds.keys()].filter((name) => !calls.has(name) && targets.get(name)?.linked !== true);
  const needed = targetsNeeded(builds, wanted);
  const built = new Map<string, BuildOptions>();
  for (const [name, options] of builds) {
    if (!needed.has(name)) continue;
    // a target that is asked something is built for others only
    built.set(name, calls.has(name) ? { ...options, outputs: [{ type: 'cacheonly', attrs: {} }] } : options);
  }
  return built;
}

/** Prints the answers, each below the name of its target; gives the exit code. */
export function printCalls(
  { targets }: BakeDefinition,
  answers: ReadonlyMap<string, CallResult>,
  calls: TargetCalls,
): number {
  let exitCode = 0;
  let isFirst = true;
  for (const [name, answer] of answers) {
    const description = targets.get(name)?.description ?? '';
    process.stdout.write(
      `${isFirst ? '' : '\n'}${name}\n${description === '' ? '' : `${description}\n`}\n${answer.text}`,
    );
    isFirst = false;
    if (answer.error !== undefined) process.stdout.write(`error: ${answer.error}\n`);
    exitCode = worse(exitCode, answer, calls.get(name));
  }
  return exitCode;
}

function worse(exitCode: number, { status, error }: CallResult, request: CallFlag | undefined): number {
  if (error !== undefined) return 1;
  return exitCode === 0 && request?.ignoresStatus !== true ? status : exitCode;
}

/** Prints all answers as one JSON, each beside the definition of its target; gives the exit code. */
export function printCallsAsJson(
  definition: BakeDefinition,
  answers: ReadonlyMap<string, CallResult>,
  calls: TargetCalls,
): number {
  let exitCode = 0;
  const entries = [...definition.targets]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, target]) => {
      const answer = answers.get(name);
      const request = calls.get(name);
      const build = `"build":${goJson(targetJson(target))}`;
      if (answer === undefined || request === undefined) return `${goJson(name)}:{${build}}`;
      exitCode = worse(exitCode, answer, request);
      const shown = request.name === 'lint' ? 'check' : request.name;
      const own = [build, `${goJson(shown)}:${answerJson(answer, request)}`].sort();
      return `${goJson(name)}:{${own.join(',')}}`;
    });
  const groups = new Map(Array.from(definition.groups, ([name, group]) => [name, groupJson(group)]));
  const group = groups.size === 0 ? '' : `"group":${goJson(groups)},`;
  process.stdout.write(`${indentJson(`{${group}"target":{${entries.join(',')}}}`)}\n`);
  return exitCode;
}

function answerJson({ text, error }: CallResult, { name }: CallFlag): string {
  const failed = error === undefined ? {} : { error };
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    const members = Object.entries({ ...(isObject ? parsed : { [name]: parsed }), ...failed });
    return `{${members
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${goJson(key)}:${JSON.stringify(value)}`)
      .join(',')}}`;
  } catch (cause) {
    if (error !== undefined) return goJson({ error });
    throw new TsbuildxError('PROTOCOL', `the answer is no JSON: ${messageOf(cause)}`, { cause });
  }
}
