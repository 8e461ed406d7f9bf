// Matches client-go tools/remotecommand errorDecoderV4: a metav1.Status tells how the command ended.
import { member, textMember } from '../../base/json-object.ts';

/** Why the command failed; undefined when it ended well. */
export function commandFailure(text: string): string | undefined {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch {
    return `the API server tells its end in a way that is not understood: ${text.trim().slice(0, 500)}`;
  }
  if (textMember(status, 'status') === 'Success') return undefined;
  const causes = member(member(status, 'details'), 'causes');
  const list: readonly unknown[] = Array.isArray(causes) ? causes : [];
  const exit = list.find((cause) => textMember(cause, 'reason') === 'ExitCode');
  if (textMember(status, 'reason') === 'NonZeroExitCode' && exit !== undefined) {
    return `command terminated with exit code ${textMember(exit, 'message')}`;
  }
  return textMember(status, 'message') || 'the command failed';
}
