import { member, textMember } from '../../base/json-object.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { listBake } from '../../index.ts';
import { type Completer, type Completion, DIRECTIVE } from './completions.ts';

/** Groups, then targets, of the bake files that the command line names, or of those that are there. */
export const bakeTargets: Completer = async ({ flags, docker, signal }) => {
  const files = flags('file');
  const options = { files: files.length === 0 ? undefined : files, docker };
  try {
    const text = await listBake('type=targets,format=json', options, { signal });
    return { values: inOrder(JSON.parse(text)), directive: DIRECTIVE.noFiles };
  } catch (error) {
    // no file has no targets; a wrong one is told
    if (!(error instanceof TsbuildxError) || error.code !== 'NOT_FOUND') throw error;
    return { values: [], directive: DIRECTIVE.noFiles };
  }
};

function inOrder(list: unknown): readonly Completion[] {
  const entries = (Array.isArray(list) ? list : []).map((entry: unknown) => ({
    value: textMember(entry, 'name'),
    description: textMember(entry, 'description'),
    isGroup: member(entry, 'group') === true,
  }));
  return entries.toSorted((a, b) => Number(b.isGroup) - Number(a.isGroup));
}
