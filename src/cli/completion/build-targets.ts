import { statSync } from 'node:fs';
import { member, textMember } from '../../base/json-object.ts';
import { call } from '../../index.ts';
import { type Completer, type CompletionLine, DIRECTIVE } from './completions.ts';

/** Milliseconds that a shell may wait. */
const WAIT_MS = 2_000;

/** The stages of the Dockerfile that the command line names, where context and Dockerfile are on this machine. */
export const buildTargets: Completer = async (line) => {
  try {
    return { values: await stagesOf(line), directive: DIRECTIVE.noFiles };
  } catch {
    // what is not there or not right yet has no stages
    return { values: [], directive: DIRECTIVE.noFiles };
  }
};

async function stagesOf({ args, flag, docker, signal }: CompletionLine): ReturnType<typeof targetsIn> {
  const path = args[0] ?? '.';
  if (!statSync(path).isDirectory()) return [];
  const file = flag('file') || undefined;
  if (file === '-' || file?.includes('://')) return [];
  const { response } = await call(
    {
      context: { kind: 'local', path },
      dockerfile: file === undefined ? undefined : { kind: 'path', path: file },
      docker,
    },
    { name: 'targets', format: 'json' },
    { signal: AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]) },
  );
  return targetsIn(JSON.parse(response['result.json'] ?? '{}'));
}

async function targetsIn(
  result: unknown,
): Promise<readonly { readonly value: string; readonly description: string }[]> {
  const targets = member(result, 'targets');
  return (Array.isArray(targets) ? targets : []).flatMap((target: unknown) => {
    const value = textMember(target, 'name');
    return value ? [{ value, description: textMember(target, 'description') ?? '' }] : [];
  });
}
