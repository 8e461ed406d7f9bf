export {
  type Address,
  type AddressDefaults,
  formatAddress,
  joinHostPort,
  type KubePodAddress,
  parseAddress,
  type SshAddress,
} from './address.ts';
export { dialerFor } from './dial-address.ts';
export type { Dialer } from './dialer.ts';
export { dialingAgent } from './dialing-agent.ts';
export { type SpawnOptions, spawnDialer } from './process.ts';
export { type Env, proxyFor } from './proxy.ts';
export { pause } from './pause.ts';
export { proxyDialer } from './proxy-dialer.ts';
export { pipeDialer, tcpDialer, unixDialer } from './socket.ts';
export { type RemoteCommand, sshDialer } from './ssh.ts';
export { type AskPassphrase, parseSshKey, type SshKey } from './ssh-key.ts';
export { type TlsMaterial, tlsDialer } from './tls.ts';
export { type UpgradeRequest, upgradeDialer } from './upgrade.ts';
export {
  type ClientReceiver,
  ErrorCode,
  type HeaderField,
  Http2Client,
  Http2Server,
  type Http2Stream,
  KeepAlive,
  StreamResetError,
  type StreamReceiver,
} from './http2/index.ts';
export { joinStreams } from './stdio.ts';
