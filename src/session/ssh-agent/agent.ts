/** An SSH agent, asked through one connection at a time or several. */
export interface SshAgent {
  /** Rejects with TRANSPORT when it cannot be reached, CANCELED when the signal aborts. */
  connect(options: { readonly signal: AbortSignal }): Promise<SshAgentConnection>;
}

export interface SshAgentConnection extends Disposable {
  /** Answers a request; both are messages of the agent protocol without their length. One at a time. */
  ask(request: Uint8Array): Promise<Uint8Array>;
}

/** Messages of the agent protocol (draft-ietf-sshm-ssh-agent). */
export const AgentMessage = {
  FAILURE: 5,
  REQUEST_IDENTITIES: 11,
  IDENTITIES_ANSWER: 12,
  SIGN_REQUEST: 13,
  SIGN_RESPONSE: 14,
} as const;

export const FAILURE: Uint8Array = Uint8Array.of(AgentMessage.FAILURE);
