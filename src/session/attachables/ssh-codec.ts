import { moby } from '../../proto/index.ts';

const { sshforward } = moby;

/** The agent that the daemon asks about; empty for the default. */
export function decodeCheckAgent(request: Uint8Array): string {
  return sshforward.v1.CheckAgentRequest.decode(request).ID ?? '';
}

export function encodeBytesMessage(data: Uint8Array): Uint8Array {
  return sshforward.v1.BytesMessage.encode({ data }).finish();
}
