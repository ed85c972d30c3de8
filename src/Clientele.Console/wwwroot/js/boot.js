// Runs before the page is painted, so that the loading screen already has the chosen theme, and starts the console in the chosen language. It stands before
// the style sheets, because the scripts after them wait for them.
(() => {
  const keys = { theme: 'clientele.theme', language: 'clientele.language' };
  const dark = matchMedia('(prefers-color-scheme: dark)');

  // A browser that forbids storage has the defaults.
  const preference = key => {
    try { return localStorage.getItem(key); } catch { return null; }
  };
  const show = () => {
    const theme = preference(keys.theme) || (dark.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = theme;
  };
  const choose = (key, value) => {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* It lasts until the page is loaded again. */ }
    show();
  };

  // What the console asks for first is on its way while the runtime starts: the session's next token, and then who it is, or whether anybody can sign
  // in. Each response is given to the console once. Without one, the console asks by itself.
  const api = new URL('..', document.baseURI);
  const ours = { 'X-Clientele-Console': '1' };
  const ahead = new Map();
  const ask = (method, path, headers) => {
    const answer = fetch(new URL(path, api), { method, headers })
      .then(async response => ({ status: response.status, headers: [...response.headers], body: await response.text() }))
      .catch(() => null);
    ahead.set(`${method} ${path}`, answer);
    return answer;
  };
  ask('POST', 'console/session/renew/', ours).then(renewed => renewed?.status === 200
    ? ask('GET', 'api/customers/customers/me/', { Authorization: `Bearer ${JSON.parse(renewed.body).access}` })
    : ask('GET', 'console/session/', ours));

  // Where each page was scrolled to when a link led away from it, for the way back. The browser's own memory is for pages that are complete at once: the
  // list of customers, which is longer, goes there by itself.
  const places = new Map();
  let back = null;
  const pushState = history.pushState.bind(history);
  history.pushState = (...state) => {
    places.set(location.href, scrollY);
    history.scrollRestoration = location.pathname.endsWith('/customers') ? 'manual' : 'auto';
    pushState(...state);
    history.scrollRestoration = 'auto';
  };
  addEventListener('popstate', () => { back = { address: location.href, top: places.get(location.href) ?? 0 }; });

  show();
  dark.addEventListener('change', show);
  globalThis.clientele = {
    preference,
    choose,
    ahead: async request => {
      const answer = ahead.get(request);
      ahead.delete(request);
      return JSON.stringify(await answer ?? null);
    },

    // Where the page was when it was left, if the person has come back to it; null if they have come by a link.
    cameBack: () => {
      const top = back?.address === location.href ? back.top : null;
      back = null;
      return top;
    },
    scroll: top => scrollTo({ top, behavior: 'instant' }),
    width: () => innerWidth,

    // Until the page is painted with what it shows now. Browsers do not paint pages in the background.
    painted: () => new Promise(done => {
      requestAnimationFrame(() => setTimeout(done));
      setTimeout(done, 100);
    }),
    focus: id => document.getElementById(id)?.focus(),
    reveal: id => document.getElementById(id)?.scrollIntoView({ block: 'nearest' }),
    revealTab: () => {
      const tab = document.querySelector('.mud-tab-active');
      const strip = tab?.closest('.mud-tabs-tabbar-content');
      if (strip) {
        strip.scrollLeft += tab.getBoundingClientRect().left - strip.getBoundingClientRect().left - (strip.clientWidth - tab.clientWidth) / 2;
      }
    },

    // Not while somebody types, in a dialog above the page for example.
    focusHeading: heading => {
      if (!document.querySelector('.mud-dialog') && !document.activeElement?.matches('input, textarea, [contenteditable="true"]')) {
        heading.focus({ preventScroll: true });
      }
    },
  };

  const language = preference(keys.language);
  Blazor.start(/^[a-z]{2}-[A-Z]{2}$/.test(language ?? '') ? { applicationCulture: language } : {});
  document.addEventListener('DOMContentLoaded', () => {
    document.getElementById('blazor-error-ui').querySelector('button').addEventListener('click', () => location.reload());
  });
})();
