/** Checks certificate bundles (AWS_CA_BUNDLE, `ca_bundle`). */
import { X509Certificate } from 'node:crypto';
import { editCommand, type Place } from '../profiles/index.ts';
import { printable, readChecked, UsageError } from '../system/index.ts';
import { showPlace } from './profile-settings.ts';
import { expandedPath, type Surroundings } from './surroundings.ts';

/** The profile's `ca_bundle`, and its line. */
export interface ConfiguredBundle {
  readonly caBundle?: string | null;
  readonly caBundlePlace?: Place | null | undefined;
}

/**
 * The error if the bundle of AWS_CA_BUNDLE, or else the profile's, cannot be read or contains no
 * certificate; otherwise null.
 */
export function bundleFault(configured: ConfiguredBundle, surroundings: Surroundings): UsageError | null {
  const path = surroundings.AWS_CA_BUNDLE;
  if (!path) return missingBundle(configured, surroundings);
  const bundle = readBundle(path, surroundings);
  return bundle.fault === null
    ? null
    : new UsageError(
        `the certificate bundle in AWS_CA_BUNDLE ${bundle.fault}`,
        `AWS_CA_BUNDLE is ${printable(path)}`,
        'unset AWS_CA_BUNDLE',
      );
}

/** The same for the profile's bundle, unless AWS_CA_BUNDLE overrides it. */
export function missingBundle(
  { caBundle, caBundlePlace = null }: ConfiguredBundle,
  surroundings: Surroundings,
): UsageError | null {
  if (!caBundle || surroundings.AWS_CA_BUNDLE) return null;
  const { fault } = readBundle(caBundle, surroundings);
  if (fault === null) return null;
  const from = caBundlePlace === null ? '' : `${showPlace(caBundlePlace)}: `;
  return new UsageError(
    `${from}the certificate bundle ${fault}`,
    `ca_bundle = ${printable(caBundle)}`,
    caBundlePlace === null ? undefined : editCommand(caBundlePlace),
  );
}

/**
 * The certificates to trust instead of Node's own; undefined if no bundle is named. AWS_CA_BUNDLE
 * takes precedence, as in the AWS CLI.
 */
export function bundleToTrust(
  configured: ConfiguredBundle,
  surroundings: Surroundings,
): { readonly ca?: string } {
  const path = surroundings.AWS_CA_BUNDLE || configured.caBundle;
  if (!path) return {};
  const fault = bundleFault(configured, surroundings);
  if (fault !== null) throw fault;
  return { ca: readBundle(path, surroundings).text };
}

/** Node, OpenSSL and the AWS CLI refuse a bundle if one of its certificates is malformed. */
function certificateFault(text: string): string | null {
  const begun = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  const whole = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (begun === 0) return 'has no certificate in it';
  const isReadable = (certificate: string) => {
    try {
      return new X509Certificate(certificate).serialNumber !== '';
    } catch {
      return false;
    }
  };
  return whole.length === begun && whole.every(isReadable) ? null : 'has a certificate that cannot be read';
}

type Bundle = { readonly text: string; readonly fault: string | null };

function readBundle(path: string, surroundings: Surroundings): Bundle {
  try {
    const text = readChecked(expandedPath(path, surroundings)).toString('utf8');
    return { text, fault: certificateFault(text) };
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { text: '', fault: isMissing ? 'does not exist' : 'cannot be read' };
  }
}
