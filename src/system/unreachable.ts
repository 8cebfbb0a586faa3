import {
  type AwshError,
  AwsUnavailableError,
  NetworkError,
  OddAnswerError,
  UnknownHostError,
} from './errors.ts';
import { printable } from './printable.ts';

export interface ConnectionFault {
  readonly name?: string;
  /** Node's code of a system, TLS or HTTP error. */
  readonly code?: string | number;
  readonly message?: string;
  readonly $metadata?: { httpStatusCode?: number };
}

/**
 * The error for the user (exit 9) if AWS did not answer: the network, a certificate, a time-out, or
 * another server in between. HTTP 429 means "busy" (exit 8), also if it does not come
 * from AWS itself.
 */
export function unreachableHost(host: string, fault: ConnectionFault, timedOut = false): AwshError {
  // A front end of AWS answers so in plain text, without AWS's own code.
  const isBusy = !timedOut && !fault.code && fault.$metadata?.httpStatusCode === 429;
  if (isBusy) return unavailableHost(host, 429);
  const why = connectionFault(fault, timedOut);
  const advice = 'check the network and try again';
  if (why.startsWith(answersOddly))
    return new OddAnswerError(`unexpected answer from ${printable(host)}`, why, advice);
  const what = `cannot reach ${printable(host)}`;
  // A proxy that does not find the host answers 502, 503 or 504.
  const isUnknown = !timedOut && /^(ENOTFOUND|EPROXY50[234])$/.test(String(fault.code));
  return new (isUnknown ? UnknownHostError : NetworkError)(what, why, advice);
}

const answersOddly = 'it answers, but not as AWS would';

/** True for an HTTP status of a fault or a limit of the service, which passes with time. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status >= 500;
}

/** The error for the user (exit 8) if a service answers with {@link isPassingStatus}. */
export function unavailableHost(host: string, status: number): AwshError {
  const what = status === 429 ? 'receives too many requests' : 'cannot answer now';
  const why = `it answers HTTP ${status}; this is temporary`;
  return new AwsUnavailableError('Unavailable', `${printable(host)} ${what}`, why, 'try again in a minute');
}

/**
 * A proxy that answered CONNECT with this HTTP status instead of a connection; {@link
 * connectionFault} has the text.
 */
export function proxyRefused(status: number): Error & { code: string } {
  return Object.assign(new Error('the proxy refused'), { code: `EPROXY${status}` });
}

function proxyFault(status: string): string {
  if (status === '407')
    return 'the proxy does not accept the user name and password, or there are none (HTTP 407)';
  const cannot = /^50[234]$/.test(status) ? 'cannot reach it' : 'does not connect to it';
  return `the proxy ${cannot} (HTTP ${status})`;
}

/** Why there is no answer, or none that AWS would give, as text. */
export function connectionFault(fault: ConnectionFault, timedOut = false): string {
  const { name = '', $metadata } = fault;
  // A DOMException has a numeric code.
  const code = typeof fault.code === 'string' ? fault.code : '';
  if (timedOut) return 'no answer in time';
  // The code first: the SDK also calls a broken connection a TimeoutError.
  const known = Object.hasOwn(faults, code) ? faults[code] : undefined;
  if (known !== undefined) return known;
  const refused = /^EPROXY([0-9]{3})$/.exec(code)?.[1];
  if (refused !== undefined) return proxyFault(refused);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return tlsFault(fault.message ?? '');
  if (code.startsWith('CERT_')) return `its certificate is not accepted (${printable(code).slice(0, 60)})`;
  if (name === 'AbortError' || name === 'TimeoutError') return 'no answer in time';
  if (code.startsWith('HPE_')) return `${answersOddly}: what it sends is not HTTP`;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return `${answersOddly} (HTTP ${status})`;
  return code === '' ? 'the connection failed' : printable(code).slice(0, 60);
}

/** OpenSSL's message is `NUMBER:error:NUMBER:SSL routines:FUNCTION:REASON:FILE…`. */
function tlsFault(message: string): string {
  const reason = /:SSL routines:[^:]*:([A-Za-z0-9 ]{1,60})/.exec(message)?.[1];
  if (reason === undefined) return 'no TLS connection can be made with it';
  return /^(wrong version number|packet length too long|http request|record layer failure)$/.test(reason)
    ? 'it does not speak TLS: the port may be one for plain http'
    : `no TLS connection can be made with it: ${reason}`;
}

const faults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  ECONNABORTED: 'the connection broke off',
  EPIPE: 'the connection broke off',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke off',
  EACCES: 'this machine does not allow connections to it',
  EPERM: 'this machine does not allow connections to it',
  EADDRNOTAVAIL: 'there is no network',
  ENETDOWN: 'there is no network',
  EHOSTDOWN: 'there is no route to it',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no network',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved now',
  ETIMEDOUT: 'no answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not signed by a trusted authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by a trusted authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by a trusted authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by a trusted authority',
  EMSGSIZE: `${answersOddly}: the answer is far too long`,
  HPE_HEADER_OVERFLOW: `${answersOddly}: its headers are far too long`,
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is not signed by a trusted authority',
  CERT_UNTRUSTED: 'its certificate is not signed by a trusted authority',
  CERT_NOT_YET_VALID: "its certificate is not valid yet, by this machine's clock",
  CERT_HAS_EXPIRED: "its certificate has expired, by this machine's clock",
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};
