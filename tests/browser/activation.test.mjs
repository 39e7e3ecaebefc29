// Activation from the app's sign-up to the page behind the mailed link: a scanner that opens it activates nobody, the buttons do.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import {assertGood, close, go, launch, openWatched} from './browser.mjs';
import {App, Server} from './propusk.mjs';

const texts = {
  en: {activate: /^Activate your account/, done: /^Account activated/, used: /^This link has been used/, disowned: /^Thank you/,
    unknown: /^This link does not work/, ask: /^Ask for an activation link/, wrong: /^Error: Ask for/, sent: /^Check your mail/,
    mine: 'Activate', notMe: 'This is not me', again: 'Ask for a new link'},
  ru: {activate: /^Активация учётной записи/, done: /^Учётная запись активирована/, used: /^Ссылка уже использована/, disowned: /^Спасибо/,
    unknown: /^Ссылка не работает/, ask: /^Новая ссылка для активации/, wrong: /^Ошибка: Новая ссылка/, sent: /^Проверьте почту/,
    mine: 'Активировать', notMe: 'Это не я', again: 'Запросить новую ссылку'},
};
let server, browser;

before(async () => {
  [server, browser] = await Promise.all([
    Server.start({settings: ['limits.enabled=false', 'djoser.language=negotiate']}), launch()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const cases = [];
for (const javaScriptEnabled of [true, false])
  for (const language of ['ru', 'en'])
    for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light']]) cases.push({javaScriptEnabled, language, width, colorScheme});

describe('activation', {concurrency: 2}, () => {
  for (const [number, {javaScriptEnabled, language, width, colorScheme}] of cases.entries()) {
    const name = `JavaScript ${javaScriptEnabled ? 'on' : 'off'}, ${language}, ${colorScheme}, ${width} px`;
    const open = () => openWatched(browser, {javaScriptEnabled, colorScheme, locale: language, viewport: {width, height: 800}});

    test(`the owner of the address activates: ${name}`, async () => {
      const said = texts[language], email = `ann${number}@example.org`, app = new App(server, {}, language);
      await app.signUp(email);
      const {text, link} = await server.letterWithLink(email, '/auth/activate/');
      assert.equal(/[а-яё]/i.test(text), language === 'ru', 'the letter speaks the language of its reader');
      assert.match(text, /127\.0\.0\.1/, 'the letter says from where the account was made');
      assert.ok(text.includes(said.notMe), 'the letter says that it can be disowned');

      for (const method of ['GET', 'HEAD', 'GET']) assert.equal((await app.ask(method, new URL(link).pathname)).status, 200);
      assert.equal(await app.signInByToken({username: email}), false, 'looking activates nobody');

      const watch = await open(), {page} = watch;
      assert.equal(await go(watch, () => page.goto(link)), 200);
      await assertGood(watch, {language, title: said.activate});
      assert.deepEqual(await page.locator('dd').allInnerTexts(), [email]);
      assert.equal(await app.signInByToken({username: email}), false);
      assert.equal(await go(watch, () => page.getByRole('button', {name: said.mine, exact: true}).click()), 200);
      assert.match(page.url(), /\/auth\/activation\/done\//);
      await assertGood(watch, {language, title: said.done});
      assert.ok(await app.signInByToken({username: email}));
      await close(watch);
    });

    test(`a link that was used says so: ${name}`, async () => {
      const said = texts[language], email = `cleo${number}@example.org`;
      await new App(server, {}, language).signUpActive(email);
      const {link} = await server.letterWithLink(email, '/auth/activate/');
      const watch = await open();
      assert.equal(await go(watch, () => watch.page.goto(link)), 410);
      await assertGood(watch, {language, title: said.used});
      assert.equal(await watch.page.locator('a.button').count(), 0, 'there is nothing left to ask for');
      await close(watch);
    });

    test(`somebody else disowns: ${name}`, async () => {
      const said = texts[language], email = `bob${number}@example.org`, app = new App(server, {}, language);
      await app.signUp(email);
      const {link} = await server.letterWithLink(email, '/auth/activate/');
      const watch = await open(), {page} = watch;
      await go(watch, () => page.goto(link));
      assert.equal(await go(watch, () => page.getByRole('button', {name: said.notMe, exact: true}).click()), 200);
      assert.match(page.url(), /\/auth\/activation\/disowned\//);
      await assertGood(watch, {language, title: said.disowned});
      assert.equal(await app.signInByToken({username: email}), false);

      assert.equal(await go(watch, () => page.goto(link)), 404);
      await assertGood(watch, {language, title: said.unknown});
      await app.signUp(email); // the address is free again
      await close(watch);
    });

    test(`another link is asked for: ${name}`, async () => {
      const said = texts[language], email = `dan${number}@example.org`;
      await new App(server, {}, language).signUp(email);
      await server.letterWithLink(email, '/auth/activate/');
      const watch = await open(), {page} = watch;
      const submit = () => go(watch, () => page.locator('form button').click());
      assert.equal(await go(watch, () => page.goto(`${server.origin}/auth/activate/MQ/nothing`)), 404);
      await go(watch, () => page.getByRole('link', {name: said.again}).click());
      assert.match(page.url(), /\/auth\/activation\/$/);
      await assertGood(watch, {language, title: said.ask});

      await page.locator('#email').fill('nobody');
      assert.equal(await submit(), 400);
      await assertGood(watch, {language, title: said.wrong});
      await page.locator('#email').fill(email);
      assert.equal(await submit(), 200);
      assert.match(page.url(), /\/auth\/activation\/sent\//);
      await assertGood(watch, {language, title: said.sent});
      const links = await server.linksOf(email, '/auth/activate/', 2);
      assert.notEqual(links[0], links[1], 'each letter has a link of its own');
      await close(watch);
    });
  }
});
