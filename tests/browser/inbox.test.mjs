// The development inbox: a letter can be read and its link followed without any mail program; and the bars have teeth.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertGood, close, findBarriers, go, launch, openSite, openWatched} from './browser.mjs';
import {App, Server, until} from './propusk.mjs';

let server, browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start({flags: ['--dev']}), launch()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

test('a letter is listed, read as text and as HTML, and its link opens a page that works', async () => {
  const app = new App(server);
  await app.register('ann');
  const watch = await openWatched(browser, {locale: 'en'}), {page} = watch;
  await go(watch, () => page.goto(`${server.origin}/-/dev/mail`));
  await assertGood(watch, {language: 'en', title: /^Mail/});

  await app.ask('POST', '/auth/restore', {email: 'ann@example.org'});
  await until('the letter in the inbox', async () => (await app.ask('GET', '/-/dev/mail')).body.includes('ann@example.org'));
  await go(watch, () => page.goto(`${server.origin}/-/dev/mail`));
  await assertGood(watch, {language: 'en', title: /^Mail/});
  await go(watch, () => page.locator('main li a').first().click());
  await assertGood(watch, {language: 'en', title: /set a new password/i});
  assert.match(await page.locator('pre a').first().getAttribute('href'), new RegExp(`^${server.origin}/auth/restore/`));

  await go(watch, () => page.getByRole('link', {name: 'The same as HTML'}).click());
  await go(watch, () => page.locator('a[href*="/auth/restore/"]').first().click());
  await page.locator('#new_password').fill('brave new pony');
  await go(watch, () => page.locator('form button:not([type])').click());
  assert.match(page.url(), /\/auth\/restore\/done\/$/);
  assert.ok(await new App(server).signIn('ann', 'brave new pony'));
  assert.deepEqual(watch.complaints, []);
  await close(watch);
});

test('a name of the outside reads no mail', async () => {
  const page = await browser.newPage();
  const answer = await page.goto(`http://evil.test:${server.port}/-/dev/mail`);
  assert.equal(answer.status(), 403);
  await page.close();
});

test('a page that breaks the bars is noticed', async (t) => {
  const site = await openSite({'/auth/bad': `<!doctype html><html lang="en"><meta http-equiv="Content-Security-Policy" content="style-src 'unsafe-hashes'">
    <title>Bad</title><style>p { color: red; }</style><h1>Bad</h1><input><p><font color="#999999">pale</font></p>`});
  t.after(() => site.close());
  for (const javaScriptEnabled of [true, false]) {
    const watch = await openWatched(browser, {javaScriptEnabled});
    await go(watch, () => watch.page.goto(`http://127.0.0.1:${site.port}/auth/bad`));
    const barriers = (await findBarriers(watch)).map(({id}) => id);
    for (const expected of ['label', 'color-contrast']) assert.ok(barriers.includes(expected), `${expected} of ${barriers}`);
    assert.ok(watch.complaints.some((text) => text.includes('Content Security Policy')), watch.complaints.join());
    await assert.rejects(assertGood(watch, {language: 'en', title: /^Bad/}));
    await close(watch);
  }
});
