// Runs before everything else, so that the loading screen already has the chosen theme, and starts the console in the chosen language.
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

  show();
  dark.addEventListener('change', show);
  globalThis.clientele = {
    preference,
    choose,
    isSystemDark: () => dark.matches,
    width: () => innerWidth,
    focus: id => document.getElementById(id)?.focus(),
    reveal: id => document.getElementById(id)?.scrollIntoView({ block: 'nearest' }),

    // Not while somebody types, in a dialog above the page for example.
    focusHeading: heading => {
      if (!document.querySelector('.mud-dialog') && !document.activeElement?.matches('input, textarea, [contenteditable="true"]')) {
        heading.focus({ preventScroll: true });
      }
    },
  };

  document.addEventListener('DOMContentLoaded', () => {
    const language = preference(keys.language);
    Blazor.start(/^[a-z]{2}-[A-Z]{2}$/.test(language ?? '') ? { applicationCulture: language } : {});
    document.getElementById('blazor-error-ui').querySelector('button').addEventListener('click', () => location.reload());
  });
})();
