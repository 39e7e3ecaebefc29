// Debian's Chromium, and what every page is held to: weight, console, policy, accessibility.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import http from 'node:http';
import https from 'node:https';
import {readFileSync} from 'node:fs';
import axe from 'axe-core';
import {chromium} from 'playwright-core';

/** Names under .test lead to this machine. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    chromiumSandbox: process.getuid() !== 0,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--host-resolver-rules=MAP *.test 127.0.0.1'],
  });
}

const mostRequests = 4, mostBytes = 14 * 1024; // UX.md §7 bar 6

/** A page in a context of its own, watched: every visit is weighed cold, every complaint of the browser is kept. */
export async function openWatched(browser, options) {
  const context = await browser.newContext({ignoreHTTPSErrors: true, ...options});
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', {cacheDisabled: true});
  const watch = {page, context, options, complaints: [], loads: []};
  page.on('console', (message) => {
    // A page with a 4xx status is logged as a resource that failed, though it is what was asked for.
    const isOwnStatus = message.text().startsWith('Failed to load resource') && message.location().url === page.url();
    if (!isOwnStatus && ['error', 'warning'].includes(message.type())) watch.complaints.push(message.text());
  });
  page.on('pageerror', (error) => watch.complaints.push(String(error)));
  page.on('requestfinished', (request) => watch.loads.push(weigh(request)));
  await page.addInitScript(() => addEventListener('securitypolicyviolation',
    (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
  return watch;
}

/** Does what leads to another page, and waits until that is loaded; gives its status. */
export async function go(watch, act) {
  watch.loads.length = 0;
  const [response] = await Promise.all([watch.page.waitForNavigation({waitUntil: 'load'}), act()]);
  return response.status();
}

export async function close(watch) {
  await watch.twin?.close();
  await watch.context.close();
}

async function weigh(request) {
  const {responseHeadersSize, responseBodySize} = await request.sizes();
  return {url: request.url(), bytes: responseHeadersSize + responseBodySize, isRedirect: request.redirectedTo() !== null};
}

/** Holds the page that go() led to to the bars. */
export async function assertGood(watch, {language, title}) {
  const {page} = watch;
  const loads = (await Promise.all(watch.loads)).filter((load) => !load.isRedirect);
  assert.ok(loads.length >= 2 && loads.length <= mostRequests, `requests: ${loads.map((load) => load.url)}`);
  const bytes = loads.reduce((sum, load) => sum + load.bytes, 0);
  assert.ok(bytes <= mostBytes, `${page.url()} weighs ${bytes} bytes`);
  assert.equal(await page.locator('html').getAttribute('lang'), language);
  assert.match(await page.title(), title);
  assert.equal(/[а-яё]/i.test(await page.locator('main').innerText()), language === 'ru', 'one language per page');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${page.url()} scrolls sideways`);
  const violations = await findBarriers(watch);
  assert.deepEqual(violations.map(({id, nodes}) => `${id}: ${nodes.map((node) => node.html)}`), [], page.url());
  assert.deepEqual(watch.complaints, [], page.url());
  return bytes;
}

/** What axe-core finds. It is a script: what a page shows without scripts is looked at in a twin, where only axe may run. */
export async function findBarriers(watch) {
  const seen = watch.options.javaScriptEnabled === false ? await showTwin(watch) : watch.page;
  await seen.evaluate(axe.source);
  return (await seen.evaluate(() => axe.run({rules: {'target-size': {enabled: true}}}))).violations;
}

async function showTwin(watch) {
  const {page, context, options} = watch;
  watch.twin ??= await context.browser().newPage({...options, ignoreHTTPSErrors: true, javaScriptEnabled: true});
  const body = await page.content();
  await watch.twin.route(/\/(auth|accounts)\//, (route) => route.fulfill({
    body, contentType: 'text/html; charset=utf-8', headers: {'content-security-policy': "script-src 'none'"}}), {times: 1});
  await watch.twin.goto(page.url());
  return watch.twin;
}

/** A site of somebody else: serves `pages` by path, under every name that leads here. */
export async function openSite(pages, tls) {
  const answer = (request, response) => {
    const {pathname} = new URL(request.url, 'http://site');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pages[pathname] ?? '<!doctype html><title>evil</title>');
  };
  const server = tls ? https.createServer({cert: readFileSync(tls.certificate), key: readFileSync(tls.key)}, answer) : http.createServer(answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: server.address().port,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
