export { authAttachable, type AuthOptions } from './attachables/auth.ts';
export { contentAttachable, type ContentOptions } from './attachables/content.ts';
export { exportAttachable, type ExportOptions, type ExportSink, type ExportTarget } from './attachables/export.ts';
export { filesyncAttachable, type FilesyncOptions, type SyncedDir } from './attachables/filesync.ts';
export { MAX_SECRET_SIZE, type SecretReader, secretsAttachable } from './attachables/secrets.ts';
export { sshAttachable } from './attachables/ssh.ts';
export { isUploadUrl, uploadAttachable, type UploadOptions, uploadUrl } from './attachables/upload.ts';
export { createSession, type SessionHost, type SessionOptions } from './host.ts';
export {
  type Attachable,
  CallError,
  GrpcStatus,
  type Metadata,
  messages,
  metadataValues,
  type ServerCall,
  type SessionMethod,
  unaryMethod,
} from './method.ts';
export type { SshAgent } from './ssh-agent/agent.ts';
export { keyAgent } from './ssh-agent/key-agent.ts';
export { socketAgent } from './ssh-agent/socket-agent.ts';
