const key = 'tsbuildx-theme';
const themes = ['system', 'light', 'dark'] as const;
const texts = { system: ['◐', 'as the system has them'], light: ['○', 'light'], dark: ['●', 'dark'] } as const;

type Theme = (typeof themes)[number];

/** Wires the switch of colours; gives what switches them. */
export function setUpTheme(): () => void {
  const button = document.getElementById('theme');
  let theme = remembered();
  const show = (): void => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    const [sign, words] = texts[theme];
    if (button !== null) button.textContent = sign;
    button?.setAttribute('aria-label', `Colours: ${words}`);
  };
  const next = (): void => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
    remember(theme);
    show();
  };
  button?.addEventListener('click', next);
  show();
  return next;
}

function remembered(): Theme {
  try {
    return themes.find((theme) => theme === localStorage.getItem(key)) ?? 'system';
  } catch {
    return 'system'; // a browser that keeps nothing for files
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // then it is for this page only
  }
}
