import { authenticate } from './authentication.ts';
import { Parameters } from './parameters.ts';
import { AwsError, type Call, type ReceivedRequest, type Reply, type Service } from './service.ts';
import type { Cloud, Identity } from './state.ts';
import { element, type XmlRecord } from './xml.ts';

/** The input of an action: its parameters, the caller, and the cloud. */
export interface Input {
  readonly parameters: Parameters;
  readonly caller: Identity;
  readonly cloud: Cloud;
}

/**
 * Performs an action and returns the content of its `…Result` element, or nothing if it has none.
 */
export type Action = (input: Input) => XmlRecord | undefined;
export type UnsignedAction = (input: Omit<Input, 'caller'>) => XmlRecord | undefined;

export interface QueryApi {
  readonly name: string;
  /** The `Version` parameter, which also distinguishes the services. */
  readonly version: string;
  readonly namespace: string;
  readonly actions: Readonly<Record<string, Action>>;
  /** Actions that are authenticated by something other than a signature. */
  readonly unsigned?: Readonly<Record<string, UnsignedAction>>;
}

/** A service of the query protocol: the request is a form, the reply is XML. */
export function queryService(api: QueryApi): Service {
  return {
    name: api.name,
    claim(request) {
      const form = readForm(request);
      return form.Version === api.version ? { action: form.Action ?? '', params: form } : null;
    },
    answer(request, call, cloud) {
      const result = perform(api, request, call, cloud);
      const body = { [`${call.action}Result`]: result, ResponseMetadata: { RequestId: request.id } };
      return xmlReply(200, element(`${call.action}Response`, body, ` xmlns="${api.namespace}"`));
    },
    refuse(error, request) {
      const type = error.status < 500 ? 'Sender' : 'Receiver';
      const body = { Error: { Type: type, Code: error.code, Message: error.message }, RequestId: request.id };
      return xmlReply(error.status, element('ErrorResponse', body, ` xmlns="${api.namespace}"`));
    },
  };
}

function perform(api: QueryApi, request: ReceivedRequest, call: Call, cloud: Cloud): XmlRecord | undefined {
  const parameters = new Parameters(call.params);
  const unsigned = ownValue(api.unsigned ?? {}, call.action);
  if (unsigned !== undefined) return unsigned({ parameters, cloud });
  const action = ownValue(api.actions, call.action);
  if (action === undefined) {
    const text = `Could not find operation ${call.action} for version ${api.version}`;
    throw new AwsError('InvalidAction', 400, text);
  }
  const { accessKeyId, identity } = authenticate(request, api.name, cloud);
  call.accessKeyId = accessKeyId;
  call.caller = identity.arn;
  return action({ parameters, caller: identity, cloud });
}

function readForm(request: ReceivedRequest): Record<string, string> {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const source = isForm ? request.body.toString('utf8') : request.url.replace(/^[^?]*\??/, '');
  return Object.fromEntries(new URLSearchParams(source));
}

function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function xmlReply(status: number, body: string): Reply {
  return { status, contentType: 'text/xml', body: `${body}\n` };
}
