// Light or dark: what the system says until a person chooses otherwise here.
import { useEffect, useState } from "preact/hooks";

export type Theme = "light" | "dark";
const key = "earshot-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function stored(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
export function current_theme(): Theme {
  const chosen = stored();
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}
export function apply_theme(): void {
  document.documentElement.dataset.theme = current_theme();
  for (const listener of listeners) listener();
}
export function toggle_theme(): void {
  try {
    localStorage.setItem(key, current_theme() === "dark" ? "light" : "dark");
  } catch {
    // Without storage the system's choice stays.
  }
  apply_theme();
}
system.addEventListener("change", apply_theme);

export function useTheme(): Theme {
  const [theme, set] = useState(current_theme);
  useEffect(() => {
    const changed = () => set(current_theme());
    listeners.add(changed);
    return () => { listeners.delete(changed); };
  }, []);
  return theme;
}
