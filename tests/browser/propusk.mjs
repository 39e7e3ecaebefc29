// Runs the real binary with a directory of its own, talks to it as an app does, and reads its real mail.
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';

const patience = 30_000; // ms; a sanitizer build on a busy machine starts in about a second
export const password = 'correct horse 7';

/** Tries until `look` gives something; throws after the patience is over. */
export async function until(what, look) {
  for (const end = Date.now() + patience; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited in vain for ${what}`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const {port} = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Paths of a self-signed certificate for `names` in `directory`. */
export function selfSigned(directory, names) {
  const [certificate, key] = ['certificate.pem', 'key.pem'].map((name) => path.join(directory, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
    '-keyout', key, '-out', certificate], {stdio: 'ignore'});
  return {certificate, key};
}

/** `propusk serve` as a child process. `host`: serve TLS under this name; else plain HTTP on 127.0.0.1. */
export class Server {
  static async start({host, settings = [], flags = []} = {}) {
    const server = new Server();
    server.directory = mkdtempSync(path.join(tmpdir(), 'propusk-browser-'));
    const port = host ? await freePort() : 0;
    const metrics = `127.${[0, 0, 0].map(() => 1 + Math.floor(Math.random() * 250)).join('.')}:9464`;
    const all = ['passwords.argon2_memory_kib=8', 'passwords.argon2_passes=1', `server.metrics_listen=${metrics}`,
      'mail.transport=maildir', ...settings];
    if (host) {
      server.tls = selfSigned(server.directory, [host, `*.${host}`, 'evil.test']);
      server.origin = `https://${host}:${port}`;
      all.push(`server.tls_certificate=${server.tls.certificate}`, `server.tls_key=${server.tls.key}`,
        `server.public_origin=${server.origin}`);
    }
    await server.run(port, flags, all);
    return server;
  }

  async run(port, flags, settings) {
    this.process = spawn(process.env.PROPUSK,
      ['serve', '--data', path.join(this.directory, 'data'), '--listen', `127.0.0.1:${port}`, ...flags,
        ...settings.flatMap((setting) => ['--set', setting])], {stdio: ['ignore', 'ignore', 'pipe']});
    const lines = [];
    for await (const line of createInterface(this.process.stderr)) {
      lines.push(line);
      const event = line.startsWith('{') ? JSON.parse(line) : {};
      if (event['event.action'] !== 'server.started') continue;
      this.port = Number(new URL(event['url.full']).port);
      this.origin ??= `http://127.0.0.1:${this.port}`;
      this.process.stderr.resume();
      return;
    }
    throw new Error(`propusk did not start:\n${lines.join('\n')}`);
  }

  /** The text parts of the letters to `recipient` so far, in order of arrival. */
  letters(recipient) {
    const folder = path.join(this.directory, 'data/mail/new');
    let names = [];
    try {
      names = readdirSync(folder).sort();
    } catch {
      // nothing was sent yet
    }
    return names.map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .filter((raw) => new RegExp(`^To:.*${recipient.replaceAll('.', '\\.')}`, 'im').test(raw)).map(plainText);
  }

  /** Waits for a letter to `recipient` with a link below `prefix`; gives {text, link}. */
  async letterWithLink(recipient, prefix) {
    return until(`a letter to ${recipient}`, () => {
      for (const text of this.letters(recipient)) {
        const link = text.split(/\s+/).find((word) => word.startsWith(this.origin + prefix));
        if (link) return {text, link};
      }
    });
  }

  /** Waits until letters to `recipient` hold `count` links below `prefix`; gives them in order of arrival. */
  async linksOf(recipient, prefix, count) {
    return until(`${count} links to ${recipient}`, () => {
      const links = this.letters(recipient).flatMap((text) => text.split(/\s+/))
        .filter((word) => word.startsWith(this.origin + prefix));
      return links.length >= count && links;
    });
  }

  async stop() {
    if (this.process.exitCode === null) {
      this.process.kill('SIGKILL');
      await once(this.process, 'exit');
    }
    rmSync(this.directory, {recursive: true});
  }
}

/** The text/plain part of a MIME message, decoded. */
function plainText(raw) {
  const part = raw.split(/^--.*\r?\n/m).find((text) => /^content-type:\s*text\/plain/im.test(text)) ?? raw;
  const [, head, body] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(part);
  const encoding = /^content-transfer-encoding:\s*(\S+)/im.exec(head)?.[1].toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** A native app: cookies, no Origin, no Sec-Fetch. */
export class App {
  constructor(server, cookies = {}, language = 'en') {
    Object.assign(this, {server, cookies, language});
  }

  async ask(method, target, fields) {
    return this.send(method, target, 'application/x-www-form-urlencoded', fields && new URLSearchParams(fields).toString());
  }

  /** The same in JSON, with the token of signInByToken(); `body` of the answer is read as JSON too. */
  async api(method, target, value) {
    const answer = await this.send(method, target, 'application/json', value && JSON.stringify(value));
    return {...answer, body: answer.body && JSON.parse(answer.body)};
  }

  async send(method, target, type, body, more = {}) {
    const {origin, port, tls} = this.server;
    const headers = {host: new URL(origin).host, 'accept-language': this.language, cookie: Object.entries(this.cookies).map((pair) => pair.join('=')).join('; ')};
    if (body !== undefined) Object.assign(headers, {'content-type': type, 'content-length': Buffer.byteLength(body)});
    if (this.token) headers.authorization = `Token ${this.token}`;
    Object.assign(headers, more);
    const request = (tls ? https : http).request({host: '127.0.0.1', port, method, path: target, headers, rejectUnauthorized: false, agent: false});
    request.end(body);
    const [response] = await once(request, 'response');
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) delete this.cookies[name];
      else this.cookies[name] = value;
    }
    return {status: response.statusCode, headers: response.headers, body: text};
  }

  async register(username, mail = `${username}@example.org`) {
    const {status, body} = await this.ask('POST', '/mobile/registration/', {username, mail, password, again_pass: password});
    if (status !== 200) throw new Error(`registration of ${username}: ${status} ${body}`);
  }

  /** True if the person may enter by the envelope dialect. */
  async signIn(username, secret = password) {
    return JSON.parse((await this.ask('POST', '/auth/login', {username, password: secret})).body).status === 1;
  }

  /** True if the person may enter by the mobile dialect. */
  async signInMobile(username, secret = password) {
    await this.ask('GET', '/mobile/login/');
    const csrfmiddlewaretoken = this.cookies.csrftoken;
    return (await this.ask('POST', '/mobile/login/', {username, password: secret, csrfmiddlewaretoken})).status === 200;
  }

  /** Signs up by the JSON dialect, where a mailed link must be followed before anybody may enter. */
  async signUp(email) {
    const {status, body} = await this.api('POST', '/auth/users/', {email, password, re_password: password});
    if (status !== 201) throw new Error(`sign-up of ${email}: ${status} ${JSON.stringify(body)}`);
  }

  /** The same, and follows the link as an app with a page of its own does. */
  async signUpActive(email) {
    await this.signUp(email);
    const {link} = await this.server.letterWithLink(email, '/auth/activate/');
    const [uid, token] = new URL(link).pathname.split('/').filter(Boolean).slice(-2);
    const {status, body} = await this.api('POST', '/auth/users/activation/', {uid, token});
    if (status !== 204) throw new Error(`activation of ${email}: ${status} ${JSON.stringify(body)}`);
  }

  /** True if the person may enter by the JSON dialect; `credentials` are {username} or {email}. Keeps the token. */
  async signInByToken(credentials, secret = password) {
    delete this.token;
    const {status, body} = await this.api('POST', '/auth/token/login/', {...credentials, password: secret});
    if (status === 200) this.token = body.auth_token;
    return status === 200;
  }

  async isSignedIn() {
    return (await this.ask('GET', '/mobile/start/')).status === 200;
  }
}
