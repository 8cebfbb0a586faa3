/** profiles: the AWS config and credentials files: parse, resolve, check, edit in place. */
export { sectionsAsWritten, type WrittenKey, type WrittenSection } from './as-written.ts';
export * from './aws-config-json.ts';
export * from './edit.ts';
export { type BlockContent, type BlockMarks, changeBlock, readBlock } from './edit-block.ts';
export {
  type AwsFileText,
  addSection,
  addSections,
  hasSection,
  type KeysAndValues,
  removeKey,
  removeSection,
  setKey,
} from './edit-text.ts';
export {
  hasIdentity,
  identityKind,
  includeOf,
  keyHolder,
  type SourceKind,
  sourceKindsOf,
} from './identity.ts';
export { ignoredSectionLike, ignoredSectionOf } from './ignored-section.ts';
export { type OtherSource, otherSourceOf, otherSources } from './other-source.ts';
export * from './profile-names.ts';
export { parseAwsFiles, type Reading, readAwsFiles } from './read.ts';
export * from './region.ts';
export {
  CycleError,
  editCommand,
  includedSections,
  requireUsable,
  requireUsableSection,
  reservedProfile,
  resolveProfile,
} from './resolve.ts';
export * from './role-arn.ts';
export * from './section.ts';
export {
  type AwsFileKind,
  isSdkName,
  isSectionName,
  requireSectionName,
  reservedName,
  type SectionKind,
  type SectionName,
} from './section-name.ts';
export { type SessionKeys, sessionKeysOf } from './session-keys.ts';
export * from './source-chain.ts';
export { commentStart, trimBlanks } from './split-line.ts';
