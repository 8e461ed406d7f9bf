export { type Git, gitIn } from './git-command.ts';
export { findWorkTree, gitFacts } from './git-facts.ts';
export { remoteUrl } from './remote-url.ts';
