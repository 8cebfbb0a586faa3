/** profiles: the AWS config and credentials files: parse, resolve, check, edit in place. */
export * from './section.ts';
