// ReDoc asks its maker's content network for a logo, and has no setting against it. The policy of the page refuses the
// request anyway. Asking for nothing keeps the browser's console clean, and the badge of the logo is left out with it.
const badge = new CSSStyleSheet();
badge.replaceSync(':has(> a[href^="https://redocly.com/"]) { display: none !important }');
document.adoptedStyleSheets = [badge];

const isForeign = (image, name, value) =>
  image instanceof HTMLImageElement && name === 'src' && new URL(value, location).origin !== location.origin;

const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  if (!isForeign(this, name, value)) {
    setAttribute.call(this, name, value);
  }
};

const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
Object.defineProperty(HTMLImageElement.prototype, 'src', {
  ...source,
  set(value) {
    if (!isForeign(this, 'src', value)) {
      source.set.call(this, value);
    }
  },
});
