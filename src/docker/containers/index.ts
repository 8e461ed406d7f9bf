export { type ConfigFiles, configArchive } from './config-archive.ts';
export {
  type ContainerConfig,
  copyToContainer,
  createContainer,
  inspectImage,
  type LocalImage,
  removeContainer,
  removeVolume,
  stopContainer,
} from './calls.ts';
export { type ContainerOutput, containerLogs } from './logs.ts';
export { pullImage } from './pull.ts';
