// Shows the contract of the server that this page comes from, and lets it be tried there. Nothing else is asked.

window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#contract',
  presets: [window.SwaggerUIBundle.presets.apis],
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
