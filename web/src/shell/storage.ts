/** Storage may be forbidden in a kiosk browser; a choice is then simply not kept. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Not kept: see above.
  }
}
