// adopt makes the style elements that the terminal makes as sheets of the
// document's, which its policy allows; inline styles it does not.
export function adopt(): () => void {
  const make = document.createElement;
  const before = document.adoptedStyleSheets;
  document.createElement = function create(this: Document, name: string, options?: ElementCreationOptions) {
    const element = make.call(this, name === 'style' ? 'template' : name, options);
    if (name === 'style') {
      const sheet = new CSSStyleSheet();
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      Object.defineProperty(element, 'textContent', { get: () => '', set: (css: string) => sheet.replaceSync(css) });
    }
    return element;
  } as typeof document.createElement;
  return () => {
    document.createElement = make;
    document.adoptedStyleSheets = before;
  };
}
