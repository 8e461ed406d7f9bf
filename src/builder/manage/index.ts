export { createFound, leaveFound } from './create.ts';
export { dialFound } from './dial.ts';
export { removeFound, removeInactive } from './remove.ts';
export { stopFound } from './stop.ts';
export { useFound } from './use.ts';
