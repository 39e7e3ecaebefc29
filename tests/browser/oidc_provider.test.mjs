// An OpenID provider that is not ours (oidc-provider, over TLS) vouches for people: they sign in by it on the hosted pages in a real
// browser, and apps convert its id_tokens.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {generateKeyPairSync} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import https from 'node:https';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import Provider from 'oidc-provider';
import {Issuer, custom, generators} from 'openid-client';
import {assertGood, close, go, launch, openSite, openWatched} from './browser.mjs';
import {App, Server, selfSigned} from './propusk.mjs';

const secret = 'a-secret-that-only-the-two-of-them-know';
let browser, directory, tls, upstream, app, server;

/** The company's sign-on: anybody's name and password are right, and its word about addresses is proved. */
async function openProvider() {
  const listener = https.createServer({cert: readFileSync(tls.certificate), key: readFileSync(tls.key)});
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const issuer = `https://localhost:${listener.address().port}`;
  const client = (id, more) => ({client_id: id, client_secret: secret, ...more});
  const start = (origin) => {
    const provider = new Provider(issuer, {
      clients: [
        client('propusk', {redirect_uris: [`${origin}/auth/complete/oidc/`, app.url]}),
        client('another-app', {redirect_uris: [app.url]}),
      ],
      jwks: {keys: [{...generateKeyPairSync('rsa', {modulusLength: 2048}).privateKey.export({format: 'jwk'}), use: 'sig', kid: 'first'}]},
      cookies: {keys: [secret]},
      claims: {openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username', 'given_name', 'family_name']},
      pkce: {required: () => true},
      findAccount: (_, id) => ({accountId: id, claims: () => ({sub: id, preferred_username: id, given_name: 'Ann', family_name: 'Lee',
        email: `${id}@example.org`, email_verified: true})}),
    });
    listener.on('request', provider.callback());
  };
  return {issuer, start, close: () => {
    listener.closeAllConnections();
    listener.close();
  }};
}

before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'propusk-oidc-'));
  tls = selfSigned(directory, ['localhost']);
  custom.setHttpOptionsDefaults({ca: readFileSync(tls.certificate)});
  const secretFile = path.join(directory, 'secret');
  writeFileSync(secretFile, secret, {mode: 0o600});
  app = await openSite({'/callback': '<!doctype html><title>album</title>'}, tls);
  app.url = `https://localhost:${app.port}/callback`;
  upstream = await openProvider();
  [browser, server] = await Promise.all([launch(), Server.start({host: 'id.test', settings: [`providers.oidc.issuer=${upstream.issuer}`,
    'providers.oidc.client_id=propusk', `providers.oidc.client_secret_file=${secretFile}`, 'providers.oidc.label=Company',
    'outbound.allowed_networks=127.0.0.0/8,::1/128', `outbound.ca_file=${tls.certificate}`]})]);
  upstream.start(server.origin);
});
after(async () => {
  await Promise.all([browser?.close(), server?.stop(), upstream?.close(), app?.close()]);
  rmSync(directory, {recursive: true});
});

const atProvider = (address) => address.origin === upstream.issuer;
const atHome = (address) => address.origin === server.origin;

/** What a person does at the provider, as far as it asks: says who they are, then yes. */
async function agree(page, name, isBack) {
  for (;;) {
    await page.waitForLoadState();
    if (isBack(new URL(page.url()))) return;
    if (await page.locator('input[name=login]').count()) {
      await page.fill('input[name=login]', name);
      await page.fill('input[name=password]', 'whatever');
    }
    await Promise.all([page.waitForNavigation(), page.locator('button[type=submit]').first().click()]);
  }
}

/** From the page for sign-in to wherever the provider sends the person. */
async function signInAs(watch, name) {
  const {page} = watch;
  await go(watch, () => page.goto(`${server.origin}/accounts/login/`));
  await Promise.all([page.waitForURL(atProvider), page.click('a[href^="/auth/login/oidc/"]')]);
  watch.complaints.length = 0; // the provider's pages are not ours
  await agree(page, name, atHome);
  watch.complaints.length = 0;
}

const usernameIn = async (watch) => {
  await go(watch, () => watch.page.goto(`${server.origin}/accounts/username/`));
  return watch.page.inputValue('input[autocomplete=username]');
};

for (const javaScriptEnabled of [true, false]) {
  for (const language of ['en', 'ru']) {
    test(`a person comes by the provider, and comes back; scripts ${javaScriptEnabled ? 'on' : 'off'}, ${language}`, async () => {
      const name = `ann${Number(javaScriptEnabled)}${language}`;
      const watch = await openWatched(browser, {javaScriptEnabled, locale: language});
      const {page} = watch;
      await go(watch, () => page.goto(`${server.origin}/accounts/login/`));
      await assertGood(watch, {language, title: /./});

      await signInAs(watch, name);
      assert.equal(new URL(page.url()).pathname, '/accounts/');
      const first = await usernameIn(watch);
      assert.equal(first, name);
      await go(watch, () => page.goto(`${server.origin}/accounts/connections/`));
      assert.match(await page.locator('main').innerText(), /Company/);
      await assertGood(watch, {language, title: /./});

      const another = await openWatched(browser, {javaScriptEnabled, locale: language});
      await signInAs(another, name);
      assert.equal(await usernameIn(another), first, 'the same person again');
      await close(another);
      await close(watch);
    });
  }
}

test('a person who says no there is told so here, and nobody is signed in', async () => {
  const watch = await openWatched(browser, {locale: 'en'});
  const {page} = watch;
  await go(watch, () => page.goto(`${server.origin}/accounts/login/`));
  await Promise.all([page.waitForURL(atProvider), page.click('a[href^="/auth/login/oidc/"]')]);
  watch.complaints.length = 0;
  assert.equal(await go(watch, () => page.click('a[href*="/abort"]')), 403);
  watch.complaints.length = 0;
  assert.ok(atHome(new URL(page.url())));
  await go(watch, () => page.goto(`${server.origin}/accounts/`));
  assert.equal(new URL(page.url()).pathname, '/accounts/login/');
  await close(watch);
});

test('an answer of the provider is worth nothing twice, and nothing in another browser', async () => {
  const watch = await openWatched(browser, {locale: 'en'}), other = await openWatched(browser, {locale: 'en'});
  let answer;
  watch.page.on('request', (request) => {
    if (request.url().startsWith(`${server.origin}/auth/complete/oidc/`)) answer ??= request.url();
  });
  await signInAs(watch, 'anneke');
  assert.match(answer, /[?&]code=/);
  for (const each of [watch, other]) assert.equal(await go(each, () => each.page.goto(answer)), 400);
  await assertGood(other, {language: 'en', title: /./});
  await go(other, () => other.page.goto(`${server.origin}/accounts/`));
  assert.equal(new URL(other.page.url()).pathname, '/accounts/login/');
  await close(other);
  await close(watch);
});

test('an app converts the id_token that was issued to us, and no other', async () => {
  const watch = await openWatched(browser, {locale: 'en'});
  const {page} = watch;
  await signInAs(watch, 'anna');
  const username = await usernameIn(watch);
  const discovered = await Issuer.discover(upstream.issuer);
  const tokensOf = async (id) => {
    const client = new discovered.Client({client_id: id, client_secret: secret, redirect_uris: [app.url], response_types: ['code']});
    const verifier = generators.codeVerifier();
    await page.goto(client.authorizationUrl({scope: 'openid email profile', code_challenge: generators.codeChallenge(verifier),
      code_challenge_method: 'S256'}));
    await agree(page, 'anna', (address) => address.href.startsWith(app.url));
    return client.callback(app.url, client.callbackParams(page.url()), {code_verifier: verifier});
  };
  const made = JSON.parse(execFileSync(process.env.PROPUSK, ['client', 'create', 'Album', '--grant', 'convert_token', '--json',
    '--data', path.join(server.directory, 'data')], {encoding: 'utf8'}));
  const client = new App(server);
  const convert = async (token) => {
    const {status, body} = await client.ask('POST', '/auth/convert-token', {grant_type: 'convert_token', backend: 'oidc', token,
      client_id: made.id, client_secret: made.secret});
    return {status, body: JSON.parse(body)};
  };

  const own = await tokensOf('propusk'), theirs = await tokensOf('another-app');
  const converted = await convert(own.id_token);
  assert.equal(converted.status, 200, JSON.stringify(converted.body));
  const me = await client.send('GET', '/auth/users/me/', undefined, undefined, {authorization: `Bearer ${converted.body.access_token}`});
  assert.equal(JSON.parse(me.body).username, username, 'the person who signed in on the page');
  const [head, claims, signature] = own.id_token.split('.');
  const forged = [head, Buffer.from(Buffer.from(claims, 'base64url').toString().replace('"anna"', '"anne"')).toString('base64url'), signature];
  for (const [what, token] of Object.entries({theirs: theirs.id_token, 'an access token': own.access_token, forged: forged.join('.')})) {
    const {status, body} = await convert(token);
    assert.equal(status, 400, what);
    assert.equal(body.access_token, undefined, what);
  }
  await close(watch);
});
