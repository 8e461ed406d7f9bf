import { statSync } from 'node:fs';
import { listMember, textMember } from '../../base/json-object.ts';
import { call } from '../../index.ts';
import { type Completer, type Completion, type CompletionLine, DIRECTIVE } from './completions.ts';

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

async function stagesOf({ args, flags, docker, signal }: CompletionLine): Promise<readonly Completion[]> {
  const path = args[0] ?? '.';
  if (!statSync(path).isDirectory()) return [];
  const file = flags('file').at(-1) || undefined;
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

function targetsIn(result: unknown): readonly Completion[] {
  return (listMember(result, 'targets') ?? []).flatMap((target) => {
    const value = textMember(target, 'name');
    return value === '' ? [] : [{ value, description: textMember(target, 'description') }];
  });
}
