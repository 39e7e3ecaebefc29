// A provider that answers like Google, over TLS with keep-alive, each time after a while. The token says what happens: `t7` is the
// person 7's; `g7` too, but its check is answered only when GATHER of them wait; `h7` is never answered.
// usage: provider.mjs CERTIFICATE KEY CLIENT_ID DELAY_MS GATHER; prints its port, and ends with its standard input.
import {readFileSync} from 'node:fs';
import https from 'node:https';

const [certificate, key, aud, delay, gather] = process.argv.slice(2);
let waiting = [];

function answer(request, response) {
  const [, kind, sub] = /^Bearer ([tgh])(\d+)$/.exec(request.headers.authorization) ?? [];
  const isCheck = request.url === '/tokeninfo';
  const body = JSON.stringify(isCheck ? {aud, azp: aud, sub, scope: 'openid email profile', expires_in: '3599'}
    : {sub, name: 'Ann Lee', given_name: 'Ann', family_name: 'Lee', email: `person${sub}@gmail.com`, email_verified: true});
  const send = () => response.writeHead(sub ? 200 : 401, {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}).end(body);
  if (kind === 'h') return;
  if (kind !== 'g' || !isCheck) return setTimeout(send, Number(delay));
  if (waiting.push(send) < Number(gather)) return;
  waiting.forEach((each) => each());
  waiting = [];
}

const server = https.createServer({cert: readFileSync(certificate), key: readFileSync(key), keepAliveTimeout: 60_000}, answer);
server.maxRequestsPerSocket = 0;
server.listen({port: 0, host: '127.0.0.1', backlog: 4096}, () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
