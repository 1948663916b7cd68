// A classic script in the head, not a module: it runs before the first paint, so a chosen theme never flashes.
(() => {
  const KEY = 'longline.theme';
  const root = document.documentElement;

  function apply(chosen) {
    if (chosen === 'light' || chosen === 'dark') {
      root.dataset.theme = chosen;
    } else {
      delete root.dataset.theme;
    }
  }

  try {
    apply(localStorage.getItem(KEY));
  } catch {
    // Storage may be blocked; the system's theme applies then.
  }
  // Chosen in another tab: told to the storage of all.
  addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY) {
      apply(newValue);
      document.dispatchEvent(new Event('themechange'));
    }
  });
})();
