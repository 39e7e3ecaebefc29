// A person signs up, in and out on the hosted pages and sees to everything of their account, with and without scripts, in both
// languages; every page on the way is held to the bars.
import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {assertGood, close, go, launch, openWatched} from './browser.mjs';
import {App, Server, password} from './propusk.mjs';

const pages = ['', 'profile/', 'username/', 'email/', 'password/', 'sessions/', 'connections/', 'apps/', 'activity/', 'data/', 'delete/'];
const next = 'brave new pony 9';
let browser, server, directory;

before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'propusk-pages-'));
  const secret = path.join(directory, 'secret');
  writeFileSync(secret, 'a-secret', {mode: 0o600});
  [browser, server] = await Promise.all([launch(), Server.start({settings: ['djoser.profile=default',
    'djoser.profile_fields=first_name,last_name,phone', 'limits.registrations_per_prefix_burst=100', 'providers.github.client_id=app', `providers.github.client_secret_file=${secret}`]})]);
});
after(async () => {
  await Promise.all([browser?.close(), server?.stop()]);
  rmSync(directory, {recursive: true});
});

const submit = 'main form > button:not([type])';

for (const javaScriptEnabled of [true, false]) {
  for (const language of ['en', 'ru']) {
    test(`an account from its sign-up to its end; scripts ${javaScriptEnabled ? 'on' : 'off'}, ${language}`, async () => {
      const name = `ann${Number(javaScriptEnabled)}${language}`;
      const watch = await openWatched(browser, {javaScriptEnabled, locale: language, viewport: {width: 390, height: 844}});
      const {page} = watch;
      const good = (title = /./) => assertGood(watch, {language, title});
      const open = (where) => go(watch, () => page.goto(server.origin + where));
      const send = (fields, button = submit) => go(watch, async () => {
        for (const [field, value] of Object.entries(fields)) await page.fill(`#${field}`, value);
        await page.locator(button).first().click();
      });

      assert.equal(await open('/accounts/signup/'), 200);
      await good();
      assert.ok(await page.locator('a[href^="/auth/login/github/"]').count(), 'a button for the provider');
      assert.equal(await send({username: name, email: `${name}@example.org`, password: '123'}), 400);
      await good();
      assert.equal(await send({password}), 200);
      assert.equal(new URL(page.url()).pathname, '/accounts/login/');
      await good();

      assert.equal(await send({username: name, password: 'wrong horse 7'}), 400);
      await good();
      assert.equal(await send({username: name, password}), 200);
      assert.equal(new URL(page.url()).pathname, '/accounts/');
      for (const each of pages) {
        assert.equal(await open(`/accounts/${each}`), 200, each);
        await good();
      }

      await open('/accounts/profile/');
      await send({first_name: language === 'ru' ? 'Анна' : 'Ann', phone: '+1 555 0100'});
      await good();
      assert.equal(await page.inputValue('#phone'), '+1 555 0100');

      await open('/accounts/username/');
      assert.equal(await send({new_username: `${name}x`, current_password: 'wrong horse 7'}), 400);
      await good();
      assert.equal(await send({new_username: `${name}x`, current_password: password}), 200);

      await open('/accounts/email/');
      await send({new_email: `new-${name}@example.org`, current_password: password});
      await good();
      await server.letterWithLink(`new-${name}@example.org`, '/auth/email/');

      const app = new App(server);
      assert.ok(await app.signIn(`${name}x`));
      await open('/accounts/password/');
      await send({current_password: password, new_password: next});
      assert.equal(new URL(page.url()).pathname, '/accounts/');
      await good();
      assert.equal(await app.isSignedIn(), false, 'another password ends every other session');

      assert.ok(await app.signIn(`${name}x`, next));
      await open('/accounts/sessions/');
      await good();
      await send({}, 'button[name=end]');
      await good();
      assert.equal(await app.isSignedIn(), false, 'the session was ended from here');

      await open('/accounts/data/');
      if (await page.locator('#current_password').count()) await page.fill('#current_password', next);
      const [download] = await Promise.all([page.waitForEvent('download'), page.locator(submit).first().click()]);
      const data = JSON.parse(readFileSync(await download.path(), 'utf8'));
      assert.equal(data.account.username, `${name}x`);
      assert.ok(data.events.some(({action}) => action === 'password_changed'));
      assert.equal(JSON.stringify(data).includes('argon2'), false, 'no secret leaves');

      await open('/accounts/');
      await send({}, 'form[action="/accounts/logout/"] button');
      await good();
      assert.equal(await open('/accounts/'), 200);
      assert.equal(new URL(page.url()).pathname, '/accounts/login/', 'signed out');

      await send({username: `${name}x`, password: next});
      await open('/accounts/delete/');
      await send({current_password: next});
      assert.equal(new URL(page.url()).pathname, '/accounts/delete/done/');
      await good();
      assert.equal(await new App(server).signIn(`${name}x`, next), false, 'the account is gone');
      await close(watch);
    });
  }
}

test('a form of another session, or of nobody, does nothing', async () => {
  const [ann, bob] = [new App(server), new App(server)];
  for (const [app, name] of [[ann, 'anna'], [bob, 'bobby']]) {
    await app.register(name);
    assert.ok(await app.signIn(name));
  }
  const token = /name="form_token" value="([^"]+)"/.exec((await bob.ask('GET', '/accounts/delete/')).body)[1];
  for (const fields of [{}, {form_token: token}, {form_token: ''}]) {
    const answer = await ann.send('POST', '/accounts/delete/', 'application/x-www-form-urlencoded',
      new URLSearchParams({...fields, current_password: password}).toString());
    assert.ok([403, 409].includes(answer.status), `${answer.status}`);
  }
  assert.ok(await ann.isSignedIn());
});
