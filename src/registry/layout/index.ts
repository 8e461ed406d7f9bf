export { type Descriptor, readDescriptor } from './descriptor.ts';
export { addToLayoutIndex, findByName, type LayoutName, readLayoutEntries, readLayoutIndex } from './index-file.ts';
export type { Ingest, IngestRequest } from './ingest.ts';
export { dropUnreferenced } from './reset.ts';
export { StoreError, type StoreRefusal } from './store-error.ts';
export { type BlobInfo, type BlobRange, type OciStore, openStore } from './store.ts';
