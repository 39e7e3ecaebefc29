// A relying party that is not ours (openid-client) finds the server by its metadata and lives through what a third party's app does:
// code with PKCE and consent in a real browser, refresh, introspection, revocation.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import http from 'node:http';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {Issuer, generators} from 'openid-client';
import {assertGood, close, go, launch, openWatched} from './browser.mjs';
import {App, Server, password} from './propusk.mjs';

/** Where answers land: the page of an app. */
async function openCallback() {
  const callback = {};
  const server = http.createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>album</title>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  callback.url = `http://127.0.0.1:${server.address().port}/callback`;
  callback.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return callback;
}

let browser, server, callback, issuer;

/** `propusk client create`; what it printed, read. */
function createClient(...flags) {
  const printed = execFileSync(process.env.PROPUSK,
    ['client', 'create', ...flags, '--data', path.join(server.directory, 'data'), '--json'], {encoding: 'utf8'});
  return JSON.parse(printed);
}

before(async () => {
  [browser, callback, server] = await Promise.all([launch(), openCallback(), Server.start()]);
  const ann = new App(server);
  await ann.register('ann');
  issuer = await Issuer.discover(`${server.origin}/.well-known/oauth-authorization-server`);
});
after(() => Promise.all([browser?.close(), callback?.close(), server?.stop()]));

/** Ann, in a browser of her own, says yes (or no) to the client; the parameters that it got. */
async function consent(client, {decision = 'give', extra = {}, watch, language = 'en'}) {
  const verifier = generators.codeVerifier(), state = generators.state();
  const url = client.authorizationUrl({scope: 'read write', state, code_challenge: generators.codeChallenge(verifier),
    code_challenge_method: 'S256', ...extra});
  const {page} = watch;
  await go(watch, () => page.goto(url));
  if (await page.locator('input[name=password]').count()) {
    await assertGood(watch, {language, title: language === 'ru' ? /Вход|Войти/ : /Sign in/});
    await page.fill('input[name=username]', 'ann');
    await page.fill('input[name=password]', password);
    await go(watch, () => page.click('form:has(input[name=password]) > button'));
  }
  const isBack = (address) => address.href.startsWith(callback.url);
  await page.waitForURL((address) => address.pathname.startsWith('/auth/authorize') || isBack(address));
  if (await page.locator('button[name=decision]').count()) {
    await assertGood(watch, {language, title: /Album/});
    await page.click(`button[name=decision][value=${decision}]`);
    await page.waitForURL(isBack);
  }
  return {verifier, state, parameters: client.callbackParams(page.url())};
}

for (const javaScriptEnabled of [true, false]) {
  for (const language of ['en', 'ru']) {
    test(`code, PKCE, refresh, introspection, revocation; scripts ${javaScriptEnabled ? 'on' : 'off'}, ${language}`, async () => {
      const made = createClient('Album', '--grant', 'authorization_code', '--grant', 'refresh_token', '--introspect', '--redirect-uri', callback.url);
      const client = new issuer.Client({client_id: made.id, client_secret: made.secret, redirect_uris: [callback.url], response_types: ['code']});
      const watch = await openWatched(browser, {javaScriptEnabled, locale: language});

      const {verifier, state, parameters} = await consent(client, {watch, language});
      const tokens = await client.oauthCallback(callback.url, parameters, {code_verifier: verifier, state});
      assert.match(tokens.access_token, /^[A-Za-z0-9]{30}$/);
      const me = await fetch(`${server.origin}/auth/users/me/`, {headers: {authorization: `Bearer ${tokens.access_token}`}});
      assert.equal((await me.json()).username, 'ann');

      const fresh = await client.refresh(tokens.refresh_token);
      assert.notEqual(fresh.access_token, tokens.access_token);
      const told = await client.introspect(fresh.access_token);
      assert.equal(told.active, true);
      assert.equal(told.username, 'ann');

      await client.revoke(fresh.access_token);
      assert.equal((await client.introspect(fresh.access_token)).active, false);
      await close(watch);
    });
  }
}

test('a person who says no sends the app away without a code', async () => {
  const made = createClient('Album', '--grant', 'authorization_code', '--redirect-uri', callback.url);
  const client = new issuer.Client({client_id: made.id, client_secret: made.secret, redirect_uris: [callback.url], response_types: ['code']});
  const watch = await openWatched(browser, {locale: 'en'});
  const {verifier, state, parameters} = await consent(client, {watch, decision: 'deny'});
  await assert.rejects(client.oauthCallback(callback.url, parameters, {code_verifier: verifier, state}), /access_denied/);
  await close(watch);
});

test('a code is worth nothing with another verifier, and nothing twice', async () => {
  const made = createClient('Album', '--public', '--grant', 'authorization_code', '--redirect-uri', callback.url);
  const client = new issuer.Client({client_id: made.id, token_endpoint_auth_method: 'none', redirect_uris: [callback.url], response_types: ['code']});
  const watch = await openWatched(browser, {locale: 'en'});

  const first = await consent(client, {watch});
  await assert.rejects(client.oauthCallback(callback.url, first.parameters, {code_verifier: generators.codeVerifier(), state: first.state}),
    /invalid_grant/);

  const second = await consent(client, {watch});
  const checks = {code_verifier: second.verifier, state: second.state};
  const tokens = await client.oauthCallback(callback.url, second.parameters, checks);
  assert.ok(tokens.access_token);
  await assert.rejects(client.oauthCallback(callback.url, second.parameters, checks), /invalid_grant/);
  const me = await fetch(`${server.origin}/auth/users/me/`, {headers: {authorization: `Bearer ${tokens.access_token}`}});
  assert.equal(me.status, 401, 'what a code that came twice had given is taken back');
  await close(watch);
});
