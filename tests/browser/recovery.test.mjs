// Recovery from the page that asks to the new password, with real mail: JavaScript on and off, ru and en, light and dark, narrow and wide.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {assertGood, close, go, launch, openWatched} from './browser.mjs';
import {App, Server, password} from './propusk.mjs';

const texts = {
  en: {ask: /^Reset your password/, wrong: /^Error: Reset/, sent: /^Check your mail/, set: /^Set a new password/,
    weak: /^Error: Set/, done: /^Password changed/, used: /^This link has been used/, show: 'Show', hide: 'Hide',
    other: 'English'},
  ru: {ask: /^Сброс пароля/, wrong: /^Ошибка: Сброс/, sent: /^Проверьте почту/, set: /^Новый пароль/,
    weak: /^Ошибка: Новый/, done: /^Пароль изменён/, used: /^Ссылка уже использована/, show: 'Показать', hide: 'Скрыть',
    other: 'Русский'},
};
let server, browser;

before(async () => {
  [server, browser] = await Promise.all([Server.start({settings: ['limits.enabled=false']}), launch()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const cases = [];
for (const javaScriptEnabled of [true, false])
  for (const language of ['ru', 'en'])
    for (const colorScheme of ['light', 'dark'])
      for (const width of [390, 1280]) cases.push({javaScriptEnabled, language, colorScheme, width});

describe('recovery', {concurrency: 2}, () => {
  for (const [number, {javaScriptEnabled, language, colorScheme, width}] of cases.entries()) {
    test(`JavaScript ${javaScriptEnabled ? 'on' : 'off'}, ${language}, ${colorScheme}, ${width} px`, async () => {
      const said = texts[language], username = `ann${number}`, fresh = `brave new pony ${number}`;
      // Half of the visitors bring a browser that speaks the language; the others click the switch.
      const hasOwnLanguage = javaScriptEnabled;
      const locale = hasOwnLanguage === (language === 'ru') ? 'ru-RU' : 'en-GB';
      const watch = await openWatched(browser, {javaScriptEnabled, colorScheme, locale, viewport: {width, height: 800}});
      const {page} = watch;
      const app = new App(server, {}, language);
      await app.register(username);
      assert.ok(await app.signIn(username));

      const submit = () => go(watch, () => page.locator('form button:not([type])').click());

      await go(watch, () => page.goto(`${server.origin}/auth/reset`));
      if (!hasOwnLanguage) {
        await go(watch, () => page.getByRole('link', {name: said.other, exact: true}).click());
        assert.match(page.url(), /\/auth\/reset\?lang=/);
      }
      await assertGood(watch, {language, title: said.ask});

      await page.locator('#email').fill('nobody');
      assert.equal(await submit(), 400);
      await assertGood(watch, {language, title: said.wrong});
      assert.equal(await page.locator('#email').inputValue(), 'nobody');
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'alert', 'the summary has the focus');

      await page.locator('#email').fill(`${username}@example.org`);
      assert.equal(await submit(), 200);
      assert.match(page.url(), /\/auth\/reset\/sent\//);
      await assertGood(watch, {language, title: said.sent});

      const {text, link} = await server.letterWithLink(`${username}@example.org`, '/auth/restore/');
      assert.equal(/[а-яё]/i.test(text), language === 'ru', 'the letter speaks the language of its reader');
      assert.equal(await go(watch, () => page.goto(link)), 200);
      await assertGood(watch, {language, title: said.set});
      assert.equal(await page.locator('[autocomplete=username]').inputValue(), username);

      const field = page.locator('[autocomplete=new-password]'), reveal = page.locator('[aria-controls=new_password]');
      await field.fill('12345');
      assert.equal(await reveal.isVisible(), javaScriptEnabled, 'no button that does nothing');
      if (javaScriptEnabled) {
        assert.equal(await reveal.innerText(), said.show);
        await reveal.click();
        assert.deepEqual([await field.getAttribute('type'), await reveal.innerText()], ['text', said.hide]);
        await assertGood(watch, {language, title: said.set});
      }
      assert.equal(await submit(), 400);
      await assertGood(watch, {language, title: said.weak});
      assert.equal(await field.getAttribute('type'), 'password');
      assert.equal(await field.inputValue(), '', 'a password is never sent back');

      assert.ok(await app.signIn(username), 'looking and failing change nothing');
      await field.fill(fresh);
      assert.equal(await submit(), 200);
      assert.match(page.url(), /\/auth\/restore\/done\//);
      await assertGood(watch, {language, title: said.done});

      assert.equal(await app.isSignedIn(), false, 'every session ended');
      assert.equal(await new App(server).signIn(username, password), false);
      assert.equal(await new App(server).signInMobile(username, password), false);
      assert.ok(await new App(server).signIn(username, fresh));
      assert.ok(await new App(server).signInMobile(username, fresh));

      assert.equal(await go(watch, () => page.goto(link)), 410);
      await assertGood(watch, {language, title: said.used});
      assert.deepEqual((await watch.context.cookies()).map(({name}) => name).filter((name) => name !== 'propusk_language'), [],
        'recovery signs nobody in');
      await close(watch);
    });
  }
});

test('a password manager finds the page', async () => {
  const answer = await new App(server).ask('GET', '/.well-known/change-password');
  assert.deepEqual([answer.status, answer.headers.location], [302, '/accounts/password/']);
  assert.equal((await new App(server).ask('GET', '/.well-known/nothing-of-the-kind')).status, 404);
});

test('the historic form of two fields still works', async () => {
  const app = new App(server);
  await app.register('old');
  await app.ask('POST', '/auth/restore', {email: 'old@example.org'});
  const {link} = await server.letterWithLink('old@example.org', '/auth/restore/');
  const target = new URL(link).pathname;
  const differing = await app.ask('POST', target, {new_password1: 'brave new pony', new_password2: 'brave old pony'});
  assert.equal(differing.status, 400);
  const agreed = await app.ask('POST', target.slice(0, -1), {new_password1: 'brave new pony', new_password2: 'brave new pony'});
  assert.deepEqual([agreed.status, agreed.headers.location], [303, '/auth/restore/done/']);
  assert.ok(await app.signIn('old', 'brave new pony'));
});
