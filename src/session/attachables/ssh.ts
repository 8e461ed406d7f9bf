// Matches BuildKit's session/sshforward: a step that mounts an agent reaches it through these calls.
import { messageOf } from '../../base/errors.ts';
import {
  type Attachable,
  CallError,
  GrpcStatus,
  messages,
  metadataValues,
  type ServerCall,
  unaryMethod,
} from '../method.ts';
import { AgentMessage, FAILURE, type SshAgent, type SshAgentConnection } from '../ssh-agent/agent.ts';
import { framed, MessageFrames } from '../ssh-agent/message-frames.ts';
import { decodeBytesMessage } from './bytes-message.ts';
import { decodeCheckAgent, encodeBytesMessage } from './ssh-codec.ts';

export interface SshOptions {
  /** Agents by the id that `RUN --mount=type=ssh,id=…` names. */
  readonly agents: ReadonlyMap<string, SshAgent>;
  /** Told when an agent fails: inside the step that uses it, only the connection breaks. */
  readonly onWarning: (message: string) => void;
}

const DEFAULT_ID = 'default';
const NO_FIELDS = new Uint8Array();

/** Lets steps list the keys of agents and sign with them, and nothing else. */
export function sshAttachable({ agents, onWarning }: SshOptions): Attachable {
  const agentOf = (id: string): SshAgent => {
    const agent = agents.get(id);
    if (agent === undefined) throw new CallError(GrpcStatus.UNKNOWN, `unset ssh forward key ${id}`);
    return agent;
  };
  return {
    methods: [
      unaryMethod('/moby.sshforward.v1.SSH/CheckAgent', (request) => {
        agentOf(decodeCheckAgent(request) || DEFAULT_ID);
        return NO_FIELDS;
      }),
      {
        path: '/moby.sshforward.v1.SSH/ForwardAgent',
        async handle(call) {
          const id = metadataValues(call.metadata, 'buildkit.ssh.id')[0] || DEFAULT_ID;
          const agent = agentOf(id);
          try {
            await forward(call, agent);
          } catch (error) {
            if (!call.signal.aborted) onWarning(`SSH agent ${id}: ${messageOf(error)}`);
            throw error;
          }
        },
      },
    ],
  };
}

async function forward(call: ServerCall, agent: SshAgent): Promise<void> {
  using connection = await agent.connect({ signal: call.signal });
  // An agent that asks its user may never answer: who has gone does not wait for it.
  call.signal.addEventListener('abort', () => connection[Symbol.dispose](), { once: true });
  const frames = new MessageFrames();
  for await (const message of messages(call)) {
    for (const request of frames.push(decodeBytesMessage(message))) {
      await call.send(encodeBytesMessage(framed(await answer(connection, request))));
    }
  }
}

/** Keys can be used, but not added, removed, locked or bound to anything. */
async function answer(connection: SshAgentConnection, request: Uint8Array): Promise<Uint8Array> {
  const isAllowed = request[0] === AgentMessage.REQUEST_IDENTITIES || request[0] === AgentMessage.SIGN_REQUEST;
  return isAllowed ? await connection.ask(request) : FAILURE;
}
