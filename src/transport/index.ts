export type { Dialer } from './dialer.ts';
