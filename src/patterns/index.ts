export { matchFileName } from './file-match.ts';
export { type ParentMatch, type PathPattern, PatternMatcher } from './matcher.ts';
