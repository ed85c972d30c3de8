// Shortcuts: Ctrl+K anywhere, single keys and "g" with another key outside of fields and dialogs. The segment builder has keys with Alt of its own,
// which must not type a character or leave the page as well.
const isBuilders = event => event.altKey && !event.ctrlKey && !event.metaKey && event.target instanceof Element && event.target.closest('[data-path]')
  && (['ArrowUp', 'ArrowDown', 'Delete'].includes(event.key) || ['KeyD', 'KeyW', 'KeyY', 'KeyZ'].includes(event.code));

export const listen = console => {
  let goes = 0;
  const isField = element => element instanceof Element && element.closest('input, textarea, select, [contenteditable="true"], [role="listbox"], [role="menu"]');
  const onKey = event => {
    if (isBuilders(event)) {
      event.preventDefault();
      return;
    }

    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (!document.querySelector('.mud-dialog')) console.invokeMethodAsync('OnKey', 'search');
      return;
    }

    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isField(event.target) || document.querySelector('.mud-dialog')
      || clientele.preference('clientele.shortcuts') === 'off') return;
    const isSecond = performance.now() - goes < 1500;
    goes = 0;
    if (isSecond && /^[a-z]$/.test(event.key)) {
      event.preventDefault();
      console.invokeMethodAsync('OnKey', `g ${event.key}`);
    } else if (event.key === 'g') {
      goes = performance.now();
    } else if (event.key === '/') {
      event.preventDefault();
      const box = document.querySelector('main [role="combobox"][data-search]');
      if (box) box.focus();
      else console.invokeMethodAsync('OnKey', 'search');
    } else if (event.key === '?') {
      event.preventDefault();
      console.invokeMethodAsync('OnKey', 'help');
    }
  };
  document.addEventListener('keydown', onKey);
  document.documentElement.dataset.shortcuts = '';
  return {
    stop: () => {
      document.removeEventListener('keydown', onKey);
      delete document.documentElement.dataset.shortcuts;
    },
  };
};
