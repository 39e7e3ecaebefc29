// What another site can make a victim's browser send, against both cookie dialects: nothing of it may have an effect.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openSite} from './browser.mjs';
import {App, Server, password} from './propusk.mjs';

/** Every cookie-authenticated or session-giving write, with all that an attacker could at best know: the right password, the token. */
const writes = (victim, token) => [
  {name: 'edit', target: '/auth/edit', fields: {password, username: `${victim}_taken`, new_password: 'evil pony 12', email: 'evil@example.org'}},
  {name: 'login', target: '/auth/login', fields: {username: 'mallory', password}},
  {name: 'register', target: '/auth/register', fields: {username: `${victim}_puppet`, password, email: 'puppet@example.org'}},
  {name: 'logout', target: '/auth/logout', fields: {a: 'b'}},
  {name: 'mobile login', target: '/mobile/login/', fields: {username: 'mallory', password, csrfmiddlewaretoken: token}},
  {name: 'mobile registration', target: '/mobile/registration/',
    fields: {username: `${victim}_pawn`, password, again_pass: password, mail: 'pawn@example.org'}},
  {name: 'mobile logout', target: '/mobile/logout', fields: {csrfmiddlewaretoken: token}},
];
const logouts = ['/auth/logout', '/mobile/logout', '/mobile/logout/'];

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
/** The evil site: forms by number, and everything that fetches by GET. */
function evilPages(origin, all) {
  const pages = {'/blank': '<!doctype html><title>evil</title>'};
  for (const [number, {target, fields}] of all.entries()) {
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${escape(value)}">`).join('');
    pages[`/form/${number}`] = `<!doctype html><form method="post" action="${origin}${target}">${inputs}<button>Win a prize</button></form>`;
  }
  for (const [number, target] of logouts.entries()) {
    pages[`/link/${number}`] = `<!doctype html><a href="${origin}${target}">Win a prize</a>`;
    pages[`/frame/${number}`] = `<!doctype html><iframe src="${origin}${target}"></iframe>`;
  }
  return pages;
}

/** Loads `target` by an element of the page that is shown; done when the browser is. */
const loadBy = (page, tag, attributes) => page.evaluate(([tag, attributes]) => new Promise((done) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.onload = element.onerror = () => done();
  document.head.append(element);
}), [tag, attributes]);

/** Signs the victim in where a real one would: on the site itself. */
async function enter(page, server, victim, dialect) {
  await page.goto(`${server.origin}/auth/reset/`);
  const status = await page.evaluate(async ([dialect, username, password]) => {
    const post = (target, fields) => fetch(target, {method: 'POST', body: new URLSearchParams(fields)});
    await fetch('/mobile/login/');
    if (dialect === 'envelope') return (await (await post('/auth/login', {username, password})).json()).status;
    return null;
  }, [dialect, victim, password]);
  if (dialect === 'envelope') return assert.equal(status, 1);
  const entered = await page.evaluate(async ([fields, token]) => {
    const body = new URLSearchParams({...fields, csrfmiddlewaretoken: token});
    return (await fetch('/mobile/login/', {method: 'POST', body})).status;
  }, [{username: victim, password}, (await cookiesOf(page)).csrftoken]);
  assert.equal(entered, 200);
}

const cookiesOf = async (page) => Object.fromEntries((await page.context().cookies()).map(({name, value}) => [name, value]));

/** All attacks from the site at `evil`; counts the answers that the victim's server gave to them. */
async function attack(page, server, evil, all) {
  let answers = 0;
  page.on('response', (response) => {
    if (response.url().startsWith(server.origin)) ++answers;
  });
  for (const number of all.keys()) {
    await page.goto(`${evil}/form/${number}`);
    await Promise.all([page.waitForURL(`${server.origin}/**`), page.locator('button').click()]);
  }
  for (const number of logouts.keys()) {
    await page.goto(`${evil}/link/${number}`);
    await Promise.all([page.waitForURL(`${server.origin}/**`), page.locator('a').click()]);
    await page.goto(`${evil}/frame/${number}`);
  }
  await page.goto(`${evil}/blank`);
  for (const target of logouts) {
    await loadBy(page, 'img', {src: server.origin + target});
    await loadBy(page, 'script', {src: server.origin + target});
    await loadBy(page, 'link', {rel: 'stylesheet', href: server.origin + target});
    await loadBy(page, 'link', {rel: 'prefetch', href: server.origin + target});
    await page.evaluate((url) => fetch(url, {mode: 'no-cors', credentials: 'include'}), server.origin + target);
  }
  for (const {target, fields} of all)
    await page.evaluate(([url, fields]) => fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams(fields)}),
      [server.origin + target, fields]);
  return answers;
}

async function assertUntouched(server, victim, cookies) {
  assert.ok(await new App(server, {...cookies}).isSignedIn(), 'the session lives');
  const seen = JSON.parse((await new App(server, {...cookies}).ask('POST', '/auth/login', {cookies: 'true'})).body);
  assert.equal(seen.status, 1);
  const own = new App(server);
  assert.equal(JSON.parse((await own.ask('POST', '/auth/login', {username: victim, password})).body).result.email, `${victim}@example.org`);
  for (const suffix of ['taken', 'puppet', 'pawn']) assert.equal(await new App(server).signIn(`${victim}_${suffix}`), false, suffix);
}

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

for (const [transport, host, evilHosts] of [['TLS', 'id.test', ['evil.test', 'sibling.id.test']], ['plain HTTP', undefined, ['evil.test', '127.0.0.1']]]) {
  test(`another site over ${transport}`, async (t) => {
    const server = await Server.start({host, settings: ['limits.enabled=false']});
    t.after(() => server.stop());
    await new App(server).register('mallory');
    let number = 0;
    for (const evilHost of evilHosts) {
      for (const dialect of ['mobile', 'envelope']) {
        const victim = `victim${++number}`;
        await new App(server).register(victim);
        await t.test(`${evilHost} can do nothing to a session of ${dialect}`, async (t) => {
          const page = await (await browser.newContext({ignoreHTTPSErrors: true})).newPage();
          t.after(() => page.context().close());
          await enter(page, server, victim, dialect);
          const before = await cookiesOf(page);
          const all = writes(victim, before.csrftoken);
          const site = await openSite(evilPages(server.origin, all), server.tls);
          t.after(() => site.close());

          const answers = await attack(page, server, `${host ? 'https' : 'http'}://${evilHost}:${site.port}`, all);

          assert.ok(answers >= all.length + logouts.length, `only ${answers} attacks arrived`);
          const {sessionid} = await cookiesOf(page);
          assert.equal(sessionid, before.sessionid, 'the browser keeps its session');
          await assertUntouched(server, victim, before);

          // The same from the site itself works, so it was the origin that counted.
          await page.goto(`${server.origin}/auth/reset/`);
          await page.evaluate((target) => fetch(target, {method: 'GET'}), dialect === 'mobile' ? '/mobile/logout' : '/auth/logout');
          assert.equal(await new App(server, before).isSignedIn(), false);
        });
      }
    }
  });
}

// The requests of the attack are good ones: without a browser's headers each has its effect. Else nothing above would prove a thing.
test('the same requests from an app work', async (t) => {
  const server = await Server.start({settings: ['limits.enabled=false']});
  t.after(() => server.stop());
  await new App(server).register('mallory');
  await new App(server).register('ann');
  const enter = async () => {
    const app = new App(server);
    assert.ok(await app.signInMobile('ann'));
    return app;
  };
  const replay = async (app, name) => {
    const {target, fields} = writes('ann', app.cookies.csrftoken).find((write) => write.name === name);
    return app.ask('POST', target, fields);
  };

  for (const name of ['logout', 'mobile logout']) {
    const app = await enter(), held = {...app.cookies};
    await replay(app, name);
    assert.equal(await new App(server, held).isSignedIn(), false, name);
  }
  for (const target of logouts) {
    const app = await enter(), held = {...app.cookies};
    await app.ask('GET', target);
    assert.equal(await new App(server, held).isSignedIn(), false, target);
  }
  for (const name of ['login', 'mobile login']) {
    const app = await enter(), held = app.cookies.sessionid;
    await replay(app, name);
    assert.notEqual(app.cookies.sessionid, held, name);
  }
  for (const [name, made] of [['register', 'ann_puppet'], ['mobile registration', 'ann_pawn']]) {
    await replay(new App(server), name);
    assert.ok(await new App(server).signIn(made), name);
  }
  const edited = await replay(await enter(), 'edit');
  assert.equal(JSON.parse(edited.body).status, 1, edited.body);
  assert.ok(await new App(server).signIn('ann_taken', 'evil pony 12'));
});
