import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, type Faults, rawReply } from './faults.ts';
import { federation } from './federation.ts';
import { iam } from './iam.ts';
import { identityCenter } from './identity-center.ts';
import { AwsError, type Call, type ReceivedRequest, type Reply, type Service } from './service.ts';
import { signInService } from './sign-in-service.ts';
import type { Cloud } from './state.ts';
import { sts } from './sts.ts';

/** All emulated services, at one address. */
const services: readonly Service[] = [federation, identityCenter, signInService, sts, iam];
const maxBody = 1024 * 1024;

/**
 * The HTTP server: one listener on loopback, which finds the service, applies the faults, and logs
 * each call.
 */
export function createEmulatorServer(cloud: Cloud, faults: Faults, calls: Call[]): Server {
  return createServer((incoming, outgoing) => {
    receive(incoming)
      .then((request) => respond(request, outgoing, cloud, faults, calls))
      // The client has disconnected, or has sent more than any AWS client does.
      .catch(() => incoming.destroy());
  });
}

async function respond(
  request: ReceivedRequest,
  outgoing: ServerResponse,
  cloud: Cloud,
  faults: Faults,
  calls: Call[],
): Promise<void> {
  const { service, call } = identify(request, cloud);
  calls.push(call);
  const fault = faults.take(call.action);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'refuse' || fault?.kind === 'cut') {
    if (fault.kind === 'cut') answer(service, request, call, cloud, null);
    fault.meanwhile?.();
    outgoing.socket?.destroy();
    return;
  }
  if (fault?.kind === 'slow') await delay(fault.milliseconds, undefined, { ref: false });
  const reply = fault?.kind === 'reply' ? rawReply(fault) : answer(service, request, call, cloud, fault);
  send(
    outgoing,
    fault?.kind === 'rewrite' ? { ...reply, body: fault.rewrite(reply.body) } : reply,
    request,
    cloud,
  );
}

function identify(request: ReceivedRequest, cloud: Cloud): { service: Service; call: Call } {
  const log = { at: cloud.now(), caller: null, accessKeyId: null, ok: false, error: null };
  for (const service of services) {
    const claim = service.claim(request);
    if (claim !== null) return { service, call: { ...log, ...claim, service: service.name } };
  }
  return { service: sts, call: { ...log, service: 'unknown', action: '', params: {} } };
}

function answer(
  service: Service,
  request: ReceivedRequest,
  call: Call,
  cloud: Cloud,
  fault: Fault | null,
): Reply {
  try {
    if (fault?.kind === 'throttle') throw new AwsError('Throttling', 400, 'Rate exceeded');
    if (fault?.kind === 'error') throw new AwsError(fault.code, fault.status ?? 403, fault.message);
    const reply = service.answer(request, call, cloud);
    call.ok = true;
    return reply;
  } catch (error) {
    const refusal = error instanceof AwsError ? error : new AwsError('InternalFailure', 500, String(error));
    call.error = refusal.code;
    return service.refuse(refusal, request);
  }
}

function send(outgoing: ServerResponse, reply: Reply, request: ReceivedRequest, cloud: Cloud): void {
  outgoing.writeHead(reply.status, {
    'x-amzn-RequestId': request.id,
    'Content-Type': reply.contentType,
    'Content-Length': Buffer.byteLength(reply.body),
    Date: cloud.now().toUTCString(),
    ...reply.headers,
  });
  outgoing.end(reply.body);
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > maxBody) throw new Error('request too large');
    chunks.push(chunk);
  }
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? 'GET',
    url: incoming.url ?? '/',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
    id: randomUUID(),
  };
}
