export { type ChoiceInput, DEFAULT_CONTEXT, type DockerFlags, type TlsFlags } from './choose.ts';
export { type DockerEndpoint, type EndpointInput, resolveEndpoint } from './resolve.ts';
export { contextNames, hasContext } from './store.ts';
