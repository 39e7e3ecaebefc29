// A single-page app on another origin: with cors.origins it does all that djoser's own front ends do; without, nothing; never with cookies.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import http from 'node:http';
import {after, before, test} from 'node:test';
import {launch, openWatched} from './browser.mjs';
import {Server, password, until} from './propusk.mjs';

const files = {'/app.js': ['app.js', 'text/javascript'], '/': ['index.html', 'text/html']};

/** Serves the app of djoser_app/ on a port of its own; `api` is where it finds its server. */
async function openApp() {
  const app = {api: ''};
  const answer = ({url}, response) => {
    if (url === '/settings.json') return response.setHeader('content-type', 'application/json').end(JSON.stringify({api: app.api}));
    const [name, type] = files[url] ?? files['/'];
    response.setHeader('content-type', `${type}; charset=utf-8`).end(readFileSync(new URL(`djoser_app/${name}`, import.meta.url)));
  };
  const server = http.createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  app.origin = `http://127.0.0.1:${server.address().port}`;
  app.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return app;
}

/** Fills and submits the form of one call; what the app was told. */
async function call(page, name, fields = {}) {
  const form = page.locator(`form[data-call="${name}"]`);
  await form.locator('output').evaluate((output) => {
    output.value = '';
  });
  for (const [field, value] of Object.entries(fields)) await form.locator(`[name=${field}]`).fill(value);
  await form.locator('button').click();
  return JSON.parse(await until(`an answer to ${name}`, () => form.locator('output').innerText()));
}

const callsOf = (page) => page.locator('form').evaluateAll((forms) => forms.map((form) => form.dataset.call));

/** Collects what the page asked beforehand whether it may: `METHOD path`. */
async function preflightsOf(watch) {
  const session = await watch.context.newCDPSession(watch.page);
  const asked = [];
  session.on('Network.requestWillBeSent', ({request: {method, url, headers}}) => {
    if (method === 'OPTIONS') asked.push(`${headers['Access-Control-Request-Method']} ${new URL(url).pathname}`);
  });
  await session.send('Network.enable');
  return asked;
}

let browser, app, server;
before(async () => {
  [browser, app] = await Promise.all([launch(), openApp()]);
  const activation = `djoser.activation_url=${app.origin}/activate/{uid}/{token}`;
  server = await Server.start({settings: [`cors.origins=${app.origin}`, activation, 'djoser.profile_fields=first_name']});
  app.api = server.origin;
});
after(() => Promise.all([browser?.close(), app?.close(), server?.stop()]));

test('the app signs up, activates, signs in, changes and leaves', async () => {
  const watch = await openWatched(browser), {page} = watch;
  const preflights = await preflightsOf(watch);
  const email = 'ann@example.org', fresh = 'brave new pony 8';
  await page.goto(`${app.origin}/`);

  const made = await call(page, 'POST /auth/users/', {email, password, re_password: password});
  assert.equal(made.status, 201);
  const link = await until('the letter',
    () => server.letters(email)[0]?.split(/\s+/).find((word) => word.startsWith(`${app.origin}/activate/`)));
  await page.goto(link);
  assert.deepEqual(await call(page, 'POST /auth/users/activation/'), {status: 204, body: null});

  const signedIn = await call(page, 'POST /auth/token/login/', {email, password});
  assert.equal(signedIn.status, 200);
  const me = {email, first_name: '', username: email, id: made.body.id};
  assert.deepEqual(await call(page, 'GET /auth/users/me/'), {status: 200, body: me});
  const renamed = await call(page, 'PATCH /auth/users/me/', {first_name: 'Анна'});
  assert.deepEqual(renamed, {status: 200, body: {...me, first_name: 'Анна'}});
  const passwords = {current_password: password, new_password: fresh, re_new_password: fresh};
  const changed = await call(page, 'POST /auth/users/set_password/', passwords);
  assert.deepEqual(changed, {status: 204, body: null});
  assert.equal((await call(page, 'GET /auth/users/me/')).status, 200, 'who changed the password stays signed in');
  assert.deepEqual(await call(page, 'POST /auth/token/logout/'), {status: 204, body: null});
  const headers = {authorization: `Token ${signedIn.body.auth_token}`};
  assert.equal((await fetch(`${server.origin}/auth/users/me/`, {headers})).status, 401, 'the token has ended');

  const pair = await call(page, 'POST /auth/jwt/create/', {email, password: fresh});
  assert.equal(pair.status, 200);
  const next = await call(page, 'POST /auth/jwt/refresh/', {refresh: pair.body.refresh});
  assert.deepEqual([next.status, Object.keys(next.body).sort()], [200, ['access', 'refresh']]);
  assert.deepEqual(await call(page, 'POST /auth/jwt/verify/', {token: next.body.access}), {status: 200, body: {}});
  assert.equal((await call(page, 'GET /auth/users/me/')).body.first_name, 'Анна', 'the access token is taken too');

  assert.deepEqual((await callsOf(page)).filter((name) => !preflights.includes(name)), [], 'the browser asked before each kind of call');
  assert.deepEqual(watch.complaints, []);
  assert.deepEqual(await watch.context.cookies(), [], 'nothing of it needs a cookie');
  await watch.context.close();
});

/** Every call of the app fails in the browser before anything is done. */
async function assertBlocked(other, api) {
  const watch = await openWatched(browser), {page} = watch;
  other.api = api;
  await page.goto(`${other.origin}/`);
  const email = `eve@${new URL(other.origin).port}.example.org`;
  for (const name of await callsOf(page)) {
    const fields = name === 'POST /auth/users/' ? {email, password, re_password: password} : {};
    assert.deepEqual(await call(page, name, fields), {blocked: 'Failed to fetch'}, name);
  }
  assert.ok(watch.complaints.some((text) => text.includes('CORS policy')), watch.complaints.join('\n'));
  const body = new URLSearchParams({email, password, re_password: password});
  assert.equal((await fetch(`${api}/auth/users/`, {method: 'POST', body})).status, 201, 'nobody has that address yet');
  await watch.context.close();
}

test('an origin that is not listed can do nothing', async (t) => {
  const other = await openApp();
  t.after(() => other.close());
  await assertBlocked(other, server.origin);
});

test('without cors.origins no other origin can do anything', async (t) => {
  const closed = await Server.start();
  t.after(() => closed.stop());
  await assertBlocked(app, closed.origin);
  app.api = server.origin;
});

test('a cookie of the server is of no use to the listed origin', async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.origin}/auth/reset/`);
  const body = {username: 'bob', mail: 'bob@example.org', password, again_pass: password};
  const entered = await page.evaluate(async (fields) => {
    const post = (target) => fetch(target, {method: 'POST', body: new URLSearchParams(fields)});
    await post('/mobile/registration/');
    return (await (await post('/auth/login')).json()).status;
  }, body);
  assert.equal(entered, 1);
  assert.ok((await page.context().cookies(server.origin)).some(({name}) => name === 'sessionid'));

  await page.goto(`${app.origin}/`);
  const ask = (target, options) => page.evaluate(([url, options]) => fetch(url, options).then(({status}) => status, ({message}) => message),
    [server.origin + target, options]);
  assert.equal(await ask('/auth/'), 200, 'without cookies it may read');
  assert.equal(await ask('/auth/', {credentials: 'include'}), 'Failed to fetch');
  assert.equal(await ask('/auth/users/', {credentials: 'include', headers: {authorization: 'Token x'}}), 'Failed to fetch');
  for (const target of ['/mobile/start/', '/auth/login', '/auth/logout'])
    assert.equal(await ask(target, {credentials: 'include'}), 'Failed to fetch', target);
  await page.goto(`${server.origin}/auth/reset/`);
  assert.equal(await page.evaluate(async () => (await fetch('/mobile/start/')).status), 200, 'and the session lives on');
  await page.context().close();
});
