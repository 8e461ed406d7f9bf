export { certificateDirs, certificatesIn, type HostTls, type HostTlsLookup } from './host-tls.ts';
export { TokenStatusError } from './status-error.ts';
export {
  createTokenClient,
  type Token,
  type TokenClient,
  type TokenClientOptions,
  type TokenRequest,
} from './token.ts';
