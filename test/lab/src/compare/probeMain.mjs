// Runs inside a Pod's network: one JSON request per line in, one JSON answer per line out.
import http from 'node:http';
import { createInterface } from 'node:readline';
import tls from 'node:tls';

const TIMEOUT_MS = 10_000;

/** A connection of its own for each request: nothing of an older configuration is reused. */
function askHttp({ url, method, headers }) {
  return new Promise(resolve => {
    const call = http.request(
      url,
      { method, headers, agent: false, timeout: TIMEOUT_MS },
      response => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', part => {
          body += part;
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body,
          }),
        );
        response.on('error', error => resolve({ error: error.message }));
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer')));
    call.on('error', error => resolve({ error: error.code ?? error.message }));
    call.end();
  });
}

/** Whose certificate the port shows to somebody who offers Istio's protocol and has none. */
function askTls({ host, port }) {
  return new Promise(resolve => {
    const socket = tls.connect({
      host,
      port,
      ALPNProtocols: ['istio-http/1.1', 'istio'],
      rejectUnauthorized: false,
      timeout: TIMEOUT_MS,
    });
    const end = answer => {
      resolve(answer);
      socket.destroy();
    };
    socket.on('secureConnect', () =>
      end({ names: socket.getPeerCertificate().subjectaltname ?? '' }),
    );
    socket.on('timeout', () => end({ error: 'no answer' }));
    socket.on('error', error => end({ error: error.code ?? error.message }));
  });
}

createInterface({ input: process.stdin }).on('line', async line => {
  const { id, ...request } = JSON.parse(line);
  const answer = await (request.url ? askHttp(request) : askTls(request));
  process.stdout.write(`${JSON.stringify({ id, ...answer })}\n`);
});
