export type { ContentClient, ContentInfo, ReadContentOptions, StoredContent } from './client.ts';
export { createContentClient } from './content-client.ts';
