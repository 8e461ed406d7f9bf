// The five methods of moby.filesync.v1.Auth on the wire.
import type { Secret } from '../../base/secret.ts';
import { moby, toLong } from '../../proto/index.ts';
import type { Token } from '../../registry/auth/index.ts';
import { type SessionMethod, unaryMethod } from '../method.ts';

const { filesync } = moby;

export interface FetchTokenRequest {
  readonly host: string;
  readonly realm: string;
  readonly service: string;
  readonly scopes: readonly string[];
}

export interface Login {
  readonly username: string;
  readonly secret: Secret;
}

export interface VerifyRequest {
  readonly host: string;
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
}

/** What answers the daemon's questions about a registry. */
export interface AuthService {
  credentials(host: string, signal: AbortSignal): Promise<Login>;
  fetchToken(request: FetchTokenRequest, signal: AbortSignal): Promise<Token>;
  /** The public key. */
  tokenAuthority(host: string, salt: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  /** The payload, signed. */
  verifyTokenAuthority(request: VerifyRequest, signal: AbortSignal): Promise<Uint8Array>;
}

export function authMethods(service: AuthService): readonly SessionMethod[] {
  const { CredentialsRequest, CredentialsResponse, FetchTokenRequest, FetchTokenResponse } = filesync.v1;
  const { GetTokenAuthorityRequest, GetTokenAuthorityResponse } = filesync.v1;
  const { VerifyTokenAuthorityRequest, VerifyTokenAuthorityResponse } = filesync.v1;
  return [
    unaryMethod('/moby.filesync.v1.Auth/Credentials', async (bytes, { signal }) => {
      const login = await service.credentials(CredentialsRequest.decode(bytes).Host ?? '', signal);
      return CredentialsResponse.encode({ Username: login.username, Secret: login.secret.reveal() }).finish();
    }),
    unaryMethod('/moby.filesync.v1.Auth/FetchToken', async (bytes, { signal }) => {
      const { Host, Realm, Service, Scopes } = FetchTokenRequest.decode(bytes);
      const request = { host: Host ?? '', realm: Realm ?? '', service: Service ?? '', scopes: [...(Scopes ?? [])] };
      const { token, expiresIn, issuedAt } = await service.fetchToken(request, signal);
      return FetchTokenResponse.encode({
        Token: token.reveal(),
        ExpiresIn: toLong(expiresIn),
        ...(issuedAt === undefined ? {} : { IssuedAt: toLong(issuedAt) }),
      }).finish();
    }),
    unaryMethod('/moby.filesync.v1.Auth/GetTokenAuthority', async (bytes, { signal }) => {
      const { Host, Salt } = GetTokenAuthorityRequest.decode(bytes);
      const PublicKey = await service.tokenAuthority(Host ?? '', Salt ?? new Uint8Array(), signal);
      return GetTokenAuthorityResponse.encode({ PublicKey }).finish();
    }),
    unaryMethod('/moby.filesync.v1.Auth/VerifyTokenAuthority', async (bytes, { signal }) => {
      const { Host, Salt, Payload } = VerifyTokenAuthorityRequest.decode(bytes);
      const request = { host: Host ?? '', salt: Salt ?? new Uint8Array(), payload: Payload ?? new Uint8Array() };
      return VerifyTokenAuthorityResponse.encode({
        Signed: await service.verifyTokenAuthority(request, signal),
      }).finish();
    }),
  ];
}
