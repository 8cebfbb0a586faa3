/**
 * aws-vault's names, then the AWS CLI's for `aws configure export-credentials`, then a syntax for
 * `eval`.
 */
export const exportFormats = [
  'env',
  'export-env',
  'json',
  'ini',
  'process',
  'env-no-export',
  'dotenv',
  'credentials',
  'powershell',
  'windows-cmd',
  'bash',
  'zsh',
  'fish',
] as const;

export type ExportFormat = (typeof exportFormats)[number];
