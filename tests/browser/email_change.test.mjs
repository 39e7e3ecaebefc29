// A new address from the app's edit to the page that confirms it: nothing changes before the button is pressed.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertGood, close, go, launch, openWatched} from './browser.mjs';
import {App, Server, password} from './propusk.mjs';

const texts = {
  en: {confirm: /^Confirm your new address/, done: /^Address confirmed/, used: /^This link has been used/},
  ru: {confirm: /^Подтвердите новый адрес/, done: /^Адрес подтверждён/, used: /^Ссылка уже использована/},
};
let server, browser;

before(async () => {
  [server, browser] = await Promise.all([Server.start({settings: ['limits.enabled=false']}), launch()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const reported = async (app) => JSON.parse((await app.ask('POST', '/auth/login', {username: app.username, password})).body).result.email;

for (const [language, javaScriptEnabled, width, colorScheme] of [['ru', true, 390, 'dark'], ['en', false, 1280, 'light']]) {
  test(`a new address, ${language}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const said = texts[language], app = Object.assign(new App(server), {username: `bob_${language}`});
    const before = `${app.username}@example.org`, next = `new.${app.username}@example.org`;
    await app.register(app.username);
    assert.equal(await reported(app), before);
    const edited = JSON.parse((await app.ask('POST', '/auth/edit', {password, email: next})).body);
    assert.equal(edited.status, 1, JSON.stringify(edited));

    const {link} = await server.letterWithLink(next, '/auth/email/');
    const watch = await openWatched(browser, {javaScriptEnabled, colorScheme, locale: language, viewport: {width, height: 800}});
    assert.equal(await go(watch, () => watch.page.goto(link)), 200);
    await assertGood(watch, {language, title: said.confirm});
    assert.deepEqual(await watch.page.locator('dd').allInnerTexts(), [app.username, next]);
    assert.equal(await reported(app), before, 'looking changes nothing');

    assert.equal(await go(watch, () => watch.page.locator('form button').click()), 200);
    assert.match(watch.page.url(), /\/auth\/email\/done\//);
    await assertGood(watch, {language, title: said.done});
    assert.equal(await reported(app), next);

    assert.equal(await go(watch, () => watch.page.goto(link)), 410);
    await assertGood(watch, {language, title: said.used});
    await close(watch);
  });
}
