import { type AwsFiles, readAwsFiles } from '../profiles/index.ts';
import { type AppPaths, awshErrorOf } from '../system/index.ts';

/** The profiles of the AWS files that can be read; a file that cannot be read counts as empty. */
export function readableAwsFiles({
  awsConfig,
  awsCredentials,
}: Pick<AppPaths, 'awsConfig' | 'awsCredentials'>): AwsFiles {
  const missing = `${'/dev/null'}/none`;
  return readAwsFiles({
    awsConfig: isReadable({ awsConfig, awsCredentials: missing }) ? awsConfig : missing,
    awsCredentials: isReadable({ awsConfig: missing, awsCredentials }) ? awsCredentials : missing,
  });
}

function isReadable(paths: Pick<AppPaths, 'awsConfig' | 'awsCredentials'>): boolean {
  return awshErrorOf(() => readAwsFiles(paths)) === null;
}
