import { type AwshError, NetworkError, printable } from '../system/index.ts';
import type { StsFailure } from './sts-client.ts';

export interface ConnectionFault {
  /** Node's code of a system or TLS error. */
  readonly code?: string;
  readonly $metadata?: { httpStatusCode?: number };
}

/** The error for a person where no AWS answered: the network, a certificate, a time-out, or somebody else in between. */
export function unreachable({ cause, host, timedOut }: StsFailure): AwshError {
  return unreachableHost(host, cause as ConnectionFault, timedOut);
}

/** As {@link unreachable}, for a request of our own. */
export function unreachableHost(host: string, fault: ConnectionFault, timedOut: boolean): AwshError {
  const { code = '', $metadata } = fault;
  const status = $metadata?.httpStatusCode;
  const why = timedOut
    ? 'no answer in time'
    : Object.hasOwn(networkReasons, code)
      ? networkReasons[code]
      : status !== undefined
        ? `it answers, but not as AWS does (HTTP ${status})`
        : code === ''
          ? 'the connection failed'
          : printable(code).slice(0, 60);
  return new NetworkError(`cannot reach ${printable(host)}`, why, 'check the network and try again');
}

const networkReasons: Readonly<Record<string, string>> = {
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
  EPROTO: 'it does not speak TLS: the port may be one for plain http',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS: the port may be one for plain http',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS: the port may be one for plain http',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
