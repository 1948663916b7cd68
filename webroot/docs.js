// Shows the contract of the server that this page comes from, and lets it be tried there. Nothing else is asked.

/** What screen readers call the controls that the viewer leaves without a name. */
const NAMES = {
  '#servers': 'Server',
  '.examples-select-element': 'Example',
  '.body-param__text': 'Request body',
};

/** The viewer puts a link into the button that opens an operation; the address shows what is open without it. */
const plainHeads = () => ({
  wrapComponents: {
    DeepLink:
      (_original, { React }) =>
      ({ text }) =>
        React.createElement('span', null, text),
  },
});

const contract = document.getElementById('contract');
new MutationObserver(nameControls).observe(contract, { childList: true, subtree: true });

window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#contract',
  presets: [window.SwaggerUIBundle.presets.apis],
  plugins: [plainHeads],
  layout: 'BaseLayout',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  // Else a badge of somebody else's would be loaded.
  validatorUrl: null,
});

function nameControls() {
  for (const [selector, name] of Object.entries(NAMES)) {
    contract.querySelectorAll(`${selector}:not([aria-label])`).forEach((control) => {
      control.setAttribute('aria-label', name);
    });
  }
  // What scrolls has to be within reach of the keyboard.
  contract.querySelectorAll('pre.microlight:not([tabindex])').forEach((code) => {
    code.tabIndex = 0;
  });
}
