import { type AwshError, NetworkError } from './errors.ts';
import { printable } from './printable.ts';

export interface ConnectionFault {
  readonly name?: string;
  /** Node's code of a system, TLS or HTTP error. */
  readonly code?: string | number;
  readonly $metadata?: { httpStatusCode?: number };
}

/** The error for the user if no AWS answered: the network, a certificate, a time-out, or somebody else in between. */
export function unreachableHost(host: string, fault: ConnectionFault, timedOut = false): AwshError {
  const why = connectionFault(fault, timedOut);
  return new NetworkError(`cannot reach ${printable(host)}`, why, 'check the network and try again');
}

/** Why there is no answer, or none that AWS would give, in words. */
export function connectionFault(fault: ConnectionFault, timedOut = false): string {
  const { name = '', $metadata } = fault;
  // A DOMException has a number.
  const code = typeof fault.code === 'string' ? fault.code : '';
  if (timedOut) return 'no answer in time';
  // The code first: the SDK calls a connection that broke off a TimeoutError, too.
  const known = Object.hasOwn(faults, code) ? faults[code] : undefined;
  if (known !== undefined) return known;
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  if (code.startsWith('HPE_')) return 'it answers, but not as AWS does: what it sends is not HTTP';
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return `it answers, but not as AWS does (HTTP ${status})`;
  return code === '' ? 'the connection failed' : printable(code).slice(0, 60);
}

const faults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no network',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'no answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody we trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody we trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody we trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody we trust',
  EMSGSIZE: 'it answers, but not as AWS does: the answer is far too long',
  HPE_HEADER_OVERFLOW: 'it answers, but not as AWS does: its headers are far too long',
  EPROTO: 'it does not speak TLS: the port may be one for plain http',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: the port may be one for plain http',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: the port may be one for plain http',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
