// Apart from text-width.ts, so that it is loaded only for text that is not ASCII: the package builds
// large patterns.
export { default as wideTextWidth } from 'fast-string-width';
