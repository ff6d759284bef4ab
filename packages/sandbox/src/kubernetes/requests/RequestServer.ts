import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveImpersonation } from '../auth/impersonate';
import type { UserInfo } from '../auth/types';
import { breakSession, sufferBefore } from '../faults/applyFault';
import type { DefaultFaultInjector } from '../faults/DefaultFaultInjector';
import type { AuditRecord, Fault } from '../types';
import { ApiError } from './ApiError';
import { parseRequest, type RequestInfo } from './parseRequest';
import { forwardPort } from './portForward';
import { authorize, routeRequest } from './routeRequest';
import type { HandlerAnswer, RequestContext, Server } from './types';
import { refuseUpgrade } from './refuseUpgrade';
import { openSession, writeAnswer, writeHead } from './writeAnswer';

/** Audit records kept; a sandbox that runs for days must not grow without end. */
const MAX_AUDIT = 20_000;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  auditId: string;
  record?: AuditRecord;
  warnings: string[];
}

/** Takes requests from `node:http` and answers them: faults, identity, routing, errors, audit. */
export class RequestServer {
  readonly audit: AuditRecord[] = [];
  private readonly open = new Set<ServerResponse>();
  private readonly tunnels = new Set<Duplex>();

  constructor(
    private readonly server: Server,
    private readonly faults: DefaultFaultInjector,
  ) {}

  /** Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.open.add(response);
    response.on('close', () => this.open.delete(response));
    this.serve(request, response).catch(() => response.destroy());
  }

  /** A connection that wants to become a WebSocket. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.tunnels.add(socket);
    socket.on('close', () => this.tunnels.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.faults.state() === 'dead') {
      socket.destroy();
      return;
    }
    const { server } = this;
    const auditId = auditIdOf(request);
    let record: AuditRecord | undefined;
    try {
      const info = parseRequest(request.method ?? 'GET', request.url ?? '/');
      const requester = server.authenticator.authenticate(request.headers);
      record = this.begin({ request, auditId }, info, requester);
      const acting = resolveImpersonation(
        request.headersDistinct,
        requester,
        server.authorizer,
      );
      const user = acting ?? requester;
      const context = { server, request, info, user, warnings: [] };
      authorize(context);
      record.code = 101;
      forwardPort(context, server.podListener)(socket, head);
    } catch (error) {
      const known = asApiError(error);
      if (record) record.code = known.code;
      refuseUpgrade(socket, known);
    }
  }

  /** Cuts every open connection. */
  cutAll(): void {
    for (const connection of [...this.open, ...this.tunnels]) {
      connection.destroy();
    }
  }

  private async serve(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (this.faults.delayMs() > 0) {
      await sleep(this.faults.delayMs(), undefined, { ref: false });
    }
    if (this.faults.state() === 'dead') {
      request.socket.destroy();
      return;
    }
    const exchange: Exchange = {
      request,
      response,
      auditId: auditIdOf(request),
      warnings: [],
    };
    response.setHeader('Audit-Id', exchange.auditId);
    try {
      await this.answer(exchange);
    } catch (error) {
      this.refuse(exchange, error);
    }
  }

  private async answer(exchange: Exchange): Promise<void> {
    const { request, response, warnings } = exchange;
    const info = parseRequest(request.method ?? 'GET', request.url ?? '/');
    const requester = this.server.authenticator.authenticate(request.headers);
    exchange.record = this.begin(exchange, info, requester);
    const acting = resolveImpersonation(
      request.headersDistinct,
      requester,
      this.server.authorizer,
    );
    if (acting) {
      exchange.record.impersonated = { ...acting };
    }
    const user = acting ?? requester;
    const fault = this.takeFault(request, info, user);
    await sufferBefore(fault);
    const { server } = this;
    const context: RequestContext = { server, request, info, user, warnings };
    const answer = await routeRequest(context);
    if (fault?.dropAfterEffect || this.faults.state() === 'dead') {
      response.destroy();
      return;
    }
    this.send(exchange, answer, fault);
  }

  private send(
    exchange: Exchange,
    answer: HandlerAnswer,
    fault: Fault | undefined,
  ): void {
    const { response, warnings, record } = exchange;
    if (record) {
      record.code = 'watch' in answer ? 200 : answer.status;
    }
    if ('watch' in answer) {
      writeHead(response, 200, { warnings });
      const session = openSession(response);
      answer.watch(breakSession(session, fault, () => response.destroy()));
    } else {
      writeAnswer(response, answer, warnings);
    }
  }

  private refuse(exchange: Exchange, error: unknown): void {
    const { response, record, warnings } = exchange;
    const known = asApiError(error);
    if (record) {
      record.code = known.code;
      record.message = known.message;
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    for (const [name, value] of Object.entries(known.headers)) {
      response.setHeader(name, value);
    }
    const answer = { status: known.code, body: known.toStatus() };
    writeAnswer(response, answer, warnings);
  }

  private takeFault(
    request: IncomingMessage,
    info: RequestInfo,
    user: UserInfo,
  ): Fault | undefined {
    return this.faults.take({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      verb: info.verb,
      resource: info.resource,
      user: user.user,
    });
  }

  private begin(
    exchange: Pick<Exchange, 'request' | 'auditId'>,
    info: RequestInfo,
    requester: UserInfo,
  ): AuditRecord {
    const { request, auditId } = exchange;
    const { resource } = info;
    const record: AuditRecord = {
      auditId,
      at: this.server.clock(),
      user: requester.user,
      groups: requester.groups,
      verb: info.verb,
      method: request.method ?? 'GET',
      path: info.path,
      object: resource && {
        group: resource.group,
        version: resource.version,
        resource: resource.plural,
        subresource: resource.subresource,
        namespace: resource.namespace,
        name: resource.name,
      },
      dryRun: info.query.getAll('dryRun').includes('All'),
      userAgent: request.headers['user-agent'],
      code: 0,
    };
    this.audit.push(record);
    if (this.audit.length > MAX_AUDIT) {
      this.audit.shift();
    }
    return record;
  }
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError({
        code: 500,
        reason: 'InternalError',
        message: `Internal error occurred: ${(error as Error).message}`,
      });
}

/** The client's own id when it sends one, as the API server takes it; a new one otherwise. */
function auditIdOf(request: IncomingMessage): string {
  const [sent = ''] = request.headersDistinct['audit-id'] ?? [];
  const id = sent.replace(/[^\x21-\x7e]/g, '').slice(0, 64);
  return id || randomUUID();
}
