export { type DockerConfig, dockerConfigDir, loadDockerConfig, type ProxyConfig } from './load.ts';
