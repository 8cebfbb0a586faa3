import { AwsError } from './service.ts';
import type { Role } from './state.ts';

interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

type Params = Readonly<Record<string, string>>;

/**
 * The access portal's lists: the accounts added here, and each role of the cloud that is in one of
 * them.
 */
export class Organisation {
  readonly accounts: Account[] = [];
  /** The maximum number of items on a page, whatever is asked for. */
  pageSize = 100;
  /** Every nth call is refused with HTTP 429; 0 refuses none. */
  refusesEach = 0;
  #calls = 0;

  addAccount(id: string, name: string, email = `${id}@example.com`): void {
    this.accounts.push({ id, name, email });
  }

  /** The reply of ListAccounts or ListAccountRoles. Throws {@link AwsError}. */
  answer(action: string, params: Params, roles: readonly Role[]): object {
    this.#calls += 1;
    if (this.refusesEach > 0 && this.#calls % this.refusesEach === 0)
      throw new AwsError('TooManyRequestsException', 429, 'Rate exceeded');
    if (action === 'ListAccounts') {
      const { items, nextToken } = this.#page(this.accounts, params);
      const accountList = items.map(({ id, name, email }) => ({
        accountId: id,
        accountName: name,
        emailAddress: email,
      }));
      return { accountList, nextToken };
    }
    const { account_id: account } = params;
    if (!this.accounts.some(({ id }) => id === account))
      throw new AwsError('ForbiddenException', 403, 'No access');
    const { items, nextToken } = this.#page(
      roles.filter((role) => role.account === account),
      params,
    );
    return { roleList: items.map(({ name }) => ({ roleName: name, accountId: account })), nextToken };
  }

  #page<T>(all: readonly T[], { max_result: wanted = '20', next_token: token = '' }: Params) {
    const size = Number(wanted);
    if (!/^[0-9]{1,3}$/.test(wanted) || size < 1 || size > 100)
      throw new AwsError('InvalidRequestException', 400, 'max_result is from 1 to 100');
    const start = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString());
    const end = start + Math.min(size, this.pageSize);
    const nextToken = end < all.length ? Buffer.from(String(end)).toString('base64url') : null;
    return { items: all.slice(start, end), nextToken };
  }
}
