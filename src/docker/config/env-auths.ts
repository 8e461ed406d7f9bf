// DOCKER_AUTH_CONFIG: credentials in the environment, asked before all others. Matches docker/cli configfile.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { member, members, textMember } from '../../base/json-object.ts';
import { Secret } from '../../base/secret.ts';
import { type AuthEntries, type Credentials, decodeAuth, NO_CREDENTIALS } from './auths.ts';

/** Reads the variable's value; what is wrong with it is a warning, and then it counts as unset. */
export function readEnvAuths(value: string): { readonly entries: AuthEntries; readonly warning: string | undefined } {
  if (value === '') return { entries: new Map(), warning: undefined };
  try {
    return { entries: parse(value), warning: undefined };
  } catch (error) {
    return {
      entries: new Map(),
      warning: `Failed to create credential store from DOCKER_AUTH_CONFIG: ${messageOf(error)}`,
    };
  }
}

function parse(text: string): AuthEntries {
  const entries = new Map<string, Credentials>();
  const root = parseJson(text);
  refuseOthers(root, 'auths');
  for (const [address, entry] of members(member(root, 'auths'))) {
    refuseOthers(entry, 'auth');
    const auth = textMember(entry, 'auth');
    if (auth === '') {
      throw invalid(`DOCKER_AUTH_CONFIG environment variable is missing key \`auth\` for ${address}`);
    }
    const { username, password } = decodeAuth(auth);
    entries.set(address, { ...NO_CREDENTIALS, username, password: new Secret(password) });
  }
  return entries;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the secret.
    throw invalid('not valid JSON');
  }
}

function refuseOthers(value: unknown, allowed: string): void {
  for (const [name] of members(value)) {
    if (name.toLowerCase() !== allowed) throw invalid(`json: unknown field ${JSON.stringify(name)}`);
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
