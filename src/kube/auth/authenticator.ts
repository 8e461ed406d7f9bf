import { readFile } from 'node:fs/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { Env } from '../../transport/index.ts';
import type { ChosenContext } from '../kubeconfig/choose.ts';

/** Who calls: a value of the Authorization header, or a certificate. */
export interface Credentials {
  readonly authorization: Secret | undefined;
  readonly certificate: { readonly cert: string; readonly key: string } | undefined;
}

/** Gives credentials, new ones when the old have expired. */
export interface Authenticator {
  credentials(signal: AbortSignal): Promise<Credentials>;
  /** The server did not accept them. True: there may be others now. */
  reject(credentials: Credentials): boolean;
}

/** How the user of a context says who he is. Errors of what it gives: AUTH, IO, TRANSPORT, CANCELED. */
export async function authenticatorFor(chosen: ChosenContext, env: Env): Promise<Authenticator> {
  const { user } = chosen;
  // as the API server's own client: what is written down comes before programs are asked
  if (user.token !== '') return fixed(bearer(user.token));
  if (user.tokenFile !== '') return tokenFile(user.tokenFile);
  if (user.username !== '' || user.password !== '') {
    const basic = Buffer.from(`${user.username}:${user.password}`).toString('base64');
    return fixed({ authorization: new Secret(`Basic ${basic}`), certificate: undefined });
  }
  if (user.exec !== undefined && user.certFile === '' && user.certData.length === 0) {
    const { execAuthenticator } = await import('./exec-plugin.ts');
    return execAuthenticator(user.exec, chosen, env);
  }
  if (user.authProvider?.name === 'oidc') {
    const { oidcAuthenticator } = await import('./oidc.ts');
    return oidcAuthenticator(user.authProvider, env);
  }
  if (user.authProvider !== undefined) {
    throw new TsbuildxError(
      'UNSUPPORTED',
      `no Auth Provider found for name ${JSON.stringify(user.authProvider.name)}: use an exec plugin`,
    );
  }
  return fixed({ authorization: undefined, certificate: undefined });
}

/** Credentials that are a token. */
export function bearer(token: string): Credentials {
  return { authorization: new Secret(`Bearer ${token}`), certificate: undefined };
}

function fixed(credentials: Credentials): Authenticator {
  return { credentials: async () => credentials, reject: () => false };
}

/** The kubelet writes new tokens of service accounts into the file. */
function tokenFile(path: string): Authenticator {
  return {
    async credentials() {
      try {
        return bearer((await readFile(path, 'utf8')).trim());
      } catch (cause) {
        throw new TsbuildxError('IO', `cannot read the token: ${messageOf(cause)}`, { cause });
      }
    },
    reject: () => false,
  };
}
