import { moby } from '../../proto/index.ts';

const { secrets } = moby.buildkit;

/** The id of the secret that the daemon asks for. */
export function decodeGetSecret(request: Uint8Array): string {
  return secrets.v1.GetSecretRequest.decode(request).ID ?? '';
}

export function encodeSecret(data: Uint8Array): Uint8Array {
  return secrets.v1.GetSecretResponse.encode({ data }).finish();
}
