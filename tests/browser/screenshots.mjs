// Takes the pictures of docs/screenshots: run by hand after the pages have changed their look.
// usage: PROPUSK=path/to/propusk node tests/browser/screenshots.mjs
import {mkdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {launch} from './browser.mjs';
import {App, Server} from './propusk.mjs';

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
mkdirSync(folder, {recursive: true});
const server = await Server.start({settings: ['limits.enabled=false', 'server.site_name=id.example.org']});
const browser = await launch();

async function linkFor(username) {
  const app = new App(server);
  await app.register(username);
  await app.ask('POST', '/auth/restore', {email: `${username}@example.org`});
  return (await server.letterWithLink(`${username}@example.org`, '/auth/restore/')).link;
}

/** A picture of `target` after `act`; only the card and what is around it, so that files stay small. */
async function picture(name, target, {language, colorScheme, width}, act = async () => {}) {
  const context = await browser.newContext({locale: language, colorScheme, viewport: {width, height: width < 500 ? 720 : 640}});
  const page = await context.newPage();
  await page.goto(target);
  await act(page);
  await page.screenshot({path: `${folder}${name}-${language}-${colorScheme}-${width}.png`, animations: 'disabled', caret: 'hide'});
  await context.close();
}

const fill = (secret) => async (page) => {
  await page.locator('#new_password').fill(secret);
  await page.locator('form button:not([type])').click();
  await page.waitForLoadState();
};
const anna = await linkFor('anna');
await picture('ask', `${server.origin}/auth/reset/`, {language: 'en', colorScheme: 'light', width: 1280});
await picture('ask', `${server.origin}/auth/reset/`, {language: 'ru', colorScheme: 'dark', width: 390});
await picture('password', anna, {language: 'ru', colorScheme: 'light', width: 390});
await picture('password', anna, {language: 'en', colorScheme: 'dark', width: 1280});
await picture('mistake', anna, {language: 'en', colorScheme: 'light', width: 390}, fill('12345'));
await picture('done', anna, {language: 'ru', colorScheme: 'light', width: 1280}, fill('four quiet green boats'));
await new App(server).signUp('anna.k@example.org');
const {link: activation} = await server.letterWithLink('anna.k@example.org', '/auth/activate/');
await picture('activate', activation, {language: 'en', colorScheme: 'light', width: 1280});
await picture('activate', activation, {language: 'ru', colorScheme: 'dark', width: 390});
await browser.close();
await server.stop();
