import { callIam, type IamCall, type IamCaller, type IamCalls } from '../sessions/index.ts';
import { AwsRefusedError, type Credentials, NetworkError, printable, Secret } from '../system/index.ts';
import { type AccessKey, isAccessKeyId } from '../vault/index.ts';

/** An access key as IAM lists it. */
export interface IamKey {
  readonly id: string;
  readonly isActive: boolean;
  readonly created: Date | null;
}

export interface LastUse {
  readonly date: Date;
  readonly service: string;
}

/**
 * The signing IAM user, and its keys. No call names a user: IAM uses the signer, so no other user's
 * keys can be affected.
 */
export class IamUser {
  constructor(private readonly caller: IamCaller) {}

  signedBy(credentials: Credentials): IamUser {
    return new IamUser({ ...this.caller, credentials });
  }

  async keys(): Promise<IamKey[]> {
    const { AccessKeyMetadata = [] } = await this.#call('ListAccessKeys', {});
    return AccessKeyMetadata.filter(({ AccessKeyId = '' }) => isAccessKeyId(AccessKeyId)).map((key) => ({
      id: key.AccessKeyId ?? '',
      isActive: key.Status !== 'Inactive',
      created: key.CreateDate ?? null,
    }));
  }

  /** Creates a new key. Throws NetworkError if it is unknown whether one was made. */
  async create(added: Date): Promise<AccessKey> {
    const { AccessKey: made } = await this.#call('CreateAccessKey', {});
    const { AccessKeyId: id = '', SecretAccessKey: secret = '' } = made ?? {};
    if (isAccessKeyId(id) && /^[!-~]{1,512}$/.test(secret)) {
      return { accessKeyId: id, secretAccessKey: new Secret(secret), added };
    }
    throw new NetworkError('the reply of IAM holds no usable key', 'another server may have answered');
  }

  /** Null if it was never used; undefined if AWS does not tell this user. */
  async lastUse(id: string): Promise<LastUse | null | undefined> {
    try {
      const { AccessKeyLastUsed: use } = await this.#call('GetAccessKeyLastUsed', { AccessKeyId: id });
      if (!use?.LastUsedDate) return null;
      return { date: use.LastUsedDate, service: printable(use.ServiceName ?? '').slice(0, 40) };
    } catch (error) {
      if (error instanceof AwsRefusedError) return undefined;
      throw error;
    }
  }

  /** Makes it inactive; succeeds also if the key no longer exists. */
  async deactivate(id: string): Promise<void> {
    await unlessGone(this.#call('UpdateAccessKey', { AccessKeyId: id, Status: 'Inactive' }));
  }

  async delete(id: string): Promise<void> {
    await unlessGone(this.#call('DeleteAccessKey', { AccessKeyId: id }));
  }

  #call<Call extends IamCall>(call: Call, input: IamCalls[Call]['input']): Promise<IamCalls[Call]['output']> {
    return callIam(call, input, this.caller);
  }
}

async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof AwsRefusedError && error.code === 'NoSuchEntity')) throw error;
  }
}
