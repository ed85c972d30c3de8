// ReDoc asks its maker's content network for a logo, and has no setting against it. The policy of the page refuses the
// request anyway; asking for nothing keeps the console clean as well.
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  if (this instanceof HTMLImageElement && name === 'src' && new URL(value, location).origin !== location.origin) {
    return;
  }

  setAttribute.call(this, name, value);
};
