// Another name to sign in with, from the app's request to the page behind the mailed link; where people sign in by address, an address.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {assertGood, close, go, launch, openWatched} from './browser.mjs';
import {App, Server} from './propusk.mjs';

const texts = {
  en: {username: /^Choose a new username/, renamed: /^Username changed/, email: /^Choose a new address/, replaced: /^Address changed/,
    wrong: /^Error: Choose/, used: /^This link has been used/},
  ru: {username: /^Новое имя пользователя/, renamed: /^Имя пользователя изменено/, email: /^Новый адрес/, replaced: /^Адрес изменён/,
    wrong: /^Ошибка: Нов/, used: /^Ссылка уже использована/},
};
const common = ['limits.enabled=false', 'djoser.language=negotiate'];
let bySeed, byEmail, browser;

before(async () => {
  [bySeed, byEmail, browser] = await Promise.all([
    Server.start({settings: common}), Server.start({settings: [...common, 'djoser.profile=email']}), launch()]);
});
after(() => Promise.all([browser?.close(), bySeed?.stop(), byEmail?.stop()]));

for (const [language, javaScriptEnabled, width, colorScheme] of [['ru', true, 390, 'light'], ['en', false, 1280, 'dark']]) {
  const how = `${language}, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`;
  const open = () => openWatched(browser, {javaScriptEnabled, colorScheme, locale: language, viewport: {width, height: 800}});
  const submit = (watch) => go(watch, () => watch.page.locator('form button').click());

  test(`another username, ${how}`, async () => {
    const said = texts[language], email = `ann.${language}@example.org`, next = `zoe_${language}`, app = new App(bySeed, {}, language);
    await app.signUpActive(email);
    await app.signUpActive(`bob.${language}@example.org`);
    assert.equal((await app.api('POST', '/auth/users/reset_username/', {email})).status, 204);
    const {link} = await bySeed.letterWithLink(email, '/auth/username/reset/confirm/');

    const watch = await open(), {page} = watch;
    assert.equal(await go(watch, () => page.goto(link)), 200);
    await assertGood(watch, {language, title: said.username});
    assert.deepEqual(await page.locator('dd').allInnerTexts(), [email]);
    assert.equal(await page.locator('#new_name').getAttribute('autocomplete'), 'username');
    for (const bad of ['a b', `bob.${language}@example.org`]) {
      await page.locator('#new_name').fill(bad);
      assert.equal(await submit(watch), 400, bad);
      await assertGood(watch, {language, title: said.wrong});
      assert.equal(await page.locator('#new_name').inputValue(), bad);
    }
    assert.ok(await app.signInByToken({username: email}), 'looking and failing change nothing');

    await page.locator('#new_name').fill(next);
    assert.equal(await submit(watch), 200);
    assert.match(page.url(), /\/auth\/username\/reset\/done\//);
    await assertGood(watch, {language, title: said.renamed});
    assert.ok(await app.signInByToken({username: next}));

    assert.equal(await go(watch, () => page.goto(link)), 410);
    await assertGood(watch, {language, title: said.used});
    await close(watch);
  });

  test(`another address where people sign in by it, ${how}`, async () => {
    const said = texts[language], email = `ann.${language}@example.org`, next = `new.${language}@example.org`, app = new App(byEmail, {}, language);
    await app.signUpActive(email);
    assert.equal((await app.api('POST', '/auth/users/reset_email/', {email})).status, 204);
    const {link} = await byEmail.letterWithLink(email, '/auth/username/reset/confirm/');

    const watch = await open(), {page} = watch;
    assert.equal(await go(watch, () => page.goto(link)), 200);
    await assertGood(watch, {language, title: said.email});
    await page.locator('#new_name').fill('nobody');
    assert.equal(await submit(watch), 400);
    await assertGood(watch, {language, title: said.wrong});
    await page.locator('#new_name').fill(next);
    assert.equal(await submit(watch), 200);
    await assertGood(watch, {language, title: said.replaced});
    assert.equal(await app.signInByToken({email: next}), false, 'the new address waits for its link');

    const activation = await byEmail.letterWithLink(next, '/auth/activate/');
    await go(watch, () => page.goto(activation.link));
    await go(watch, () => page.locator('form:not(.other) button').click());
    assert.ok(await app.signInByToken({email: next}));
    await byEmail.letterWithLink(email, '/auth/email/undo/'); // and the old address has its way back
    await close(watch);
  });
}
