// A classic script in the head, not a module: it runs before the first paint, so a chosen theme never flashes.
try {
  const chosen = localStorage.getItem('longline.theme');
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
} catch {
  // Storage may be blocked; the system's theme applies then.
}
