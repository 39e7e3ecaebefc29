// A front end as people write it for djoser: every form is one call by fetch(), with the token that the last sign-in gave.
let authorization;

async function call(form) {
  const [method, target] = form.dataset.call.split(' ');
  const {api} = await (await fetch('/settings.json')).json();
  const headers = {Accept: 'application/json'};
  if (authorization) headers.Authorization = authorization;
  const fields = Object.fromEntries(new FormData(form));
  const options = {method, headers};
  if (Object.keys(fields).length) {
    headers['Content-Type'] = 'application/json';
    options.body = JSON.stringify(fields);
  }
  const response = await fetch(api + target, options);
  const text = await response.text();
  const body = text ? JSON.parse(text) : null;
  if (body?.auth_token) authorization = `Token ${body.auth_token}`;
  if (body?.access) authorization = `Bearer ${body.access}`;
  if (target === '/auth/token/logout/') authorization = undefined;
  return {status: response.status, body};
}

for (const form of document.forms) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const told = await call(form).catch((error) => ({blocked: error.message}));
    form.querySelector('output').value = JSON.stringify(told);
  });
}

// The link of the letter leads here, and holds what the server wants to see.
const [, uid, token] = /^\/activate\/([^/]+)\/([^/]+)$/.exec(location.pathname) ?? [];
if (uid) {
  const form = document.querySelector('[data-call$="/activation/"]');
  Object.assign(form.elements.uid, {value: uid});
  Object.assign(form.elements.token, {value: token});
}
