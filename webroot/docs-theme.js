// The viewer has a dark theme of its own, by a class: set when the dashboard's choice says so, or else the system does.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');

  function follow() {
    const { dataset, classList } = document.documentElement;
    classList.toggle('dark-mode', dataset.theme ? dataset.theme === 'dark' : system.matches);
  }

  follow();
  system.addEventListener('change', follow);
  document.addEventListener('themechange', follow);
})();
