import type { Session } from './state.ts';
import type { XmlRecord } from './xml.ts';

/** The `Credentials` element of every session. */
export function credentialsOf(session: Session): XmlRecord {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secret,
    SessionToken: session.token,
    Expiration: session.expiresAt,
  };
}
