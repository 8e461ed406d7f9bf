// Matches BuildKit's session/secrets/secretsprovider.
import { type Attachable, CallError, GrpcStatus, unaryMethod } from '../method.ts';
import { decodeGetSecret, encodeSecret } from './secrets-codec.ts';

/** Bytes that a secret can have. */
export const MAX_SECRET_SIZE: number = 500 * 1024;

/** Reads a secret, each time that the daemon asks for it. */
export type SecretReader = (options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;

export interface SecretsOptions {
  readonly secrets: ReadonlyMap<string, SecretReader>;
}

/** Gives the daemon secrets by their id. */
export function secretsAttachable({ secrets }: SecretsOptions): Attachable {
  return {
    methods: [
      unaryMethod('/moby.buildkit.secrets.v1.Secrets/GetSecret', async (request, { signal }) => {
        const read = secrets.get(decodeGetSecret(request));
        if (read === undefined) throw new CallError(GrpcStatus.NOT_FOUND, 'not found');
        const data = await read({ signal });
        if (data.length > MAX_SECRET_SIZE) {
          throw new CallError(GrpcStatus.UNKNOWN, `invalid secret size ${data.length}`);
        }
        return encodeSecret(data);
      }),
    ],
  };
}
