// Signs requests to services for which awsh uses no SDK client. Loaded by import(), when something
// is signed.
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials } from '../system/index.ts';

/** A request to be signed. Its path is `/`, as for all services of the JSON and query protocols. */
export interface UnsignedRequest {
  readonly service: string;
  readonly region: string;
  readonly method: 'GET' | 'POST';
  /** A path other than `/` is that of a custom endpoint. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SigningTime {
  readonly credentials: Credentials;
  readonly now: Date;
}

/** The headers, including the signature (Signature Version 4). */
export async function signedHeaders(
  request: UnsignedRequest,
  { credentials, now }: SigningTime,
): Promise<Record<string, string>> {
  const signed = await signerFor(request, credentials).sign(plainRequest(request), { signingDate: now });
  return signed.headers;
}

/**
 * The query parameters that sign the request for this many seconds; the signature is
 * `X-Amz-Signature`.
 */
export async function presignedQuery(
  request: UnsignedRequest,
  { credentials, now }: SigningTime,
  expiresIn: number,
): Promise<Record<string, string>> {
  const options = { signingDate: now, expiresIn };
  const { query = {} } = await signerFor(request, credentials).presign(plainRequest(request), options);
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
}

function signerFor({ service, region }: UnsignedRequest, credentials: Credentials): SignatureV4 {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return new SignatureV4({
    service,
    region,
    sha256: NodeSha256,
    applyChecksum: false,
    credentials: {
      accessKeyId,
      secretAccessKey: secretAccessKey.reveal(),
      ...(sessionToken !== null && { sessionToken: sessionToken.reveal() }),
    },
  });
}

function plainRequest({ method, url, headers, query = {}, body }: UnsignedRequest) {
  return {
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: url.pathname,
    query: { ...query },
    headers: { host: url.host, ...headers },
    ...(body !== undefined && { body }),
  };
}

/** The signer's hash function; with a secret it is an HMAC. */
class NodeSha256 {
  readonly #secret: Parameters<typeof createHmac>[1] | undefined;
  #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined || typeof secret === 'string' ? secret : bytesOf(secret);
    this.#hash = this.#newHash();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#newHash();
  }

  #newHash() {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
