export { type ChoiceInput, chooseEndpoint, DEFAULT_CONTEXT, type DockerFlags, type TlsFlags } from './choose.ts';
export { readContextField } from './context-metadata.ts';
export { parseDockerHost } from './docker-host.ts';
export { type DockerEndpoint, type EndpointInput, resolveEndpoint } from './resolve.ts';
export { contextNames, hasContext, readContext } from './store.ts';
