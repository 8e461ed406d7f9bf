import { sshString, SshReader, uint32 } from '../../base/ssh-wire.ts';
import type { SshKey } from '../../transport/index.ts';
import { AgentMessage, FAILURE, type SshAgent, type SshAgentConnection } from './agent.ts';

/** An agent in this process that holds these keys, in this order. */
export function keyAgent(keys: readonly SshKey[]): SshAgent {
  const connection: SshAgentConnection = {
    ask: (request) => Promise.resolve(answer(keys, request)),
    [Symbol.dispose]: () => {},
  };
  return { connect: () => Promise.resolve(connection) };
}

function answer(keys: readonly SshKey[], request: Uint8Array): Uint8Array {
  try {
    const reader = new SshReader(request);
    switch (reader.byte()) {
      case AgentMessage.REQUEST_IDENTITIES:
        return identities(keys);
      case AgentMessage.SIGN_REQUEST:
        return signature(keys, reader);
      default:
        return FAILURE;
    }
  } catch {
    // malformed, or OpenSSL does not allow the algorithm: the client tries its next key
    return FAILURE;
  }
}

function identities(keys: readonly SshKey[]): Uint8Array {
  const entries = keys.flatMap(({ publicKey }) => [sshString(publicKey), sshString('')]);
  return Buffer.concat([Buffer.of(AgentMessage.IDENTITIES_ANSWER), uint32(keys.length), ...entries]);
}

function signature(keys: readonly SshKey[], reader: SshReader): Uint8Array {
  const [wanted, data, flags] = [reader.string(), reader.string(), reader.uint32()];
  const key = keys.find(({ publicKey }) => wanted.equals(publicKey));
  if (key === undefined) return FAILURE;
  return Buffer.concat([Buffer.of(AgentMessage.SIGN_RESPONSE), sshString(key.sign(data, flags))]);
}
