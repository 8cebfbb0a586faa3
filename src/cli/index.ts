/** cli: the command line: what the verbs are, what they are given, and how their answers and errors are shown. */
export { coldPathIsTaken } from './cold-path.ts';
export { CommandInput } from './command-input.ts';
export type { CommandModule, CommandRow, OptionRow } from './command-row.ts';
export { type Context, type Given, openContext } from './context.ts';
export { errorText } from './error-text.ts';
export { withGivenOptions } from './given-options.ts';
export type { GlobalOptions } from './global-options.ts';
export { jsonText } from './json-text.ts';
export { type Look, lookOf, plainLook } from './look.ts';
export type { Output, StreamTraits } from './output.ts';
export { linkPackage, packageLink, packageVersion, unlinkPackage } from './package-link.ts';
export { describeProfile, type ProfileDescription, refreshProfileNames } from './profile-names.ts';
export { showWhile } from './show-while.ts';
export { supportedShells } from './table-setup.ts';
export { tableText } from './table-text.ts';
export { tellProblem } from './tell-problem.ts';
export { labelled, proseRoom, wrapWords } from './wrapped-text.ts';
