// The pages that links in mails lead to. The token is in the fragment, and nothing is sent before the button is pressed: programs that check mails
// open links.
const pages = {
  verify: {
    title: 'Confirm your e-mail address',
    hint: 'This shows that the address belongs to you.',
    button: 'Confirm',
    path: 'api/customers/customers/verify_email/',
  },
  reset: {
    title: 'Set a new password',
    hint: 'All sessions end. Sign in with the new password afterwards.',
    button: 'Set password',
    path: 'api/auth/password/reset/confirm/',
  },
  undo: {
    title: 'Undo the change of your e-mail address',
    hint: 'Your account gets its earlier address back, and all sessions end. Set a new password if you did not make the change.',
    button: 'Undo the change',
    path: 'api/customers/customers/undo_email/',
  },
};
const name = location.pathname.split('/').filter(part => part.length > 0).at(-1);
const page = pages[name];
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const form = document.querySelector('form');
const button = document.querySelector('button');
const status = document.querySelector('[role=status]');

// The token stays out of the browser's history.
history.replaceState(null, '', location.pathname);
document.title = page.title;
document.querySelector('h1').textContent = page.title;
document.getElementById('hint').textContent = page.hint;
button.textContent = page.button;
document.getElementById('passwords').hidden = name !== 'reset';
if (!token) {
  form.hidden = true;
  status.textContent = 'This link is not complete. Open it from the mail again.';
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  button.disabled = true;
  const passwords = name === 'reset' ? Object.fromEntries(new FormData(form)) : {};
  try {
    const response = await fetch(`../../${page.path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token, ...passwords }),
    });
    const answer = await response.json();
    form.hidden = response.ok;
    document.getElementById('hint').hidden = response.ok;
    status.textContent = response.ok
      ? [answer.message, answer.detail].filter(Boolean).join(' ')
      : Object.values(answer.errors ?? { '': [answer.detail] }).flat().join(' ');
  } catch {
    status.textContent = 'The service did not respond. Try again.';
  }

  button.disabled = false;
});
