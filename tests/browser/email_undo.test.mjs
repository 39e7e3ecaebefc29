// An account that was taken over is taken back from the old address: looking changes nothing, the button ends everything of the other.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertGood, close, go, launch, openWatched} from './browser.mjs';
import {App, Server, password} from './propusk.mjs';

const texts = {
  en: {undo: /^Take your account back/, done: /^You have your account back/, used: /^This link has been used/, set: 'Set a new password',
    ask: /^Reset your password/, unknown: /^This link does not work/},
  ru: {undo: /^Вернуть учётную запись/, done: /^Учётная запись снова ваша/, used: /^Ссылка уже использована/, set: 'Задать новый пароль',
    ask: /^Сброс пароля/, unknown: /^Ссылка не работает/},
};
let server, browser;

before(async () => {
  [server, browser] = await Promise.all([
    Server.start({settings: ['limits.enabled=false', 'djoser.language=negotiate']}), launch()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

for (const [language, javaScriptEnabled, width, colorScheme] of [['ru', true, 390, 'dark'], ['en', false, 1280, 'light']]) {
  test(`an account is taken back, ${language}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
    const said = texts[language], email = `ann.${language}@example.org`, other = `eve.${language}@example.net`;
    const owner = new App(server, {}, language), thief = new App(server, {}, language);
    await owner.signUpActive(email);
    assert.ok(await thief.signInByToken({username: email}));
    assert.equal((await thief.api('PATCH', '/auth/users/me/', {email: other})).status, 200);

    const {text, link} = await server.letterWithLink(email, '/auth/email/undo/');
    assert.ok(text.includes(other) && /127\.0\.0\.1/.test(text), 'the letter says what it was replaced by, and from where');
    const activation = (await server.letterWithLink(other, '/auth/activate/')).link;
    const watch = await openWatched(browser, {javaScriptEnabled, colorScheme, locale: language, viewport: {width, height: 800}}), {page} = watch;
    assert.equal(await go(watch, () => page.goto(link)), 200);
    await assertGood(watch, {language, title: said.undo});
    assert.deepEqual((await page.locator('dd').allInnerTexts()).slice(-2), [other, email]);

    assert.equal(await go(watch, () => page.locator('form button').click()), 200);
    assert.match(page.url(), /\/auth\/email\/undo\/done\//);
    await assertGood(watch, {language, title: said.done});
    assert.equal((await thief.api('GET', '/auth/users/me/')).status, 401, 'everybody is signed out');
    assert.ok(await owner.signInByToken({username: email}, password));
    assert.equal((await owner.api('GET', '/auth/users/me/')).body.email, email);

    await go(watch, () => page.getByRole('link', {name: said.set}).click());
    await assertGood(watch, {language, title: said.ask});
    assert.equal(await go(watch, () => page.goto(link)), 410);
    await assertGood(watch, {language, title: said.used});
    assert.equal(await go(watch, () => page.goto(activation)), 404, 'the link to the other address is dead');
    await assertGood(watch, {language, title: said.unknown});
    await close(watch);
  });
}
