import { useEffect } from "preact/hooks";

/** Keeps a tablet or television from falling asleep over the board, where the browser can and may. */
export function useWakeLock(): void {
  useEffect(() => {
    if (!("wakeLock" in navigator)) return undefined;
    const hold = () => {
      if (document.visibilityState === "visible") navigator.wakeLock.request("screen").catch(() => undefined);
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => document.removeEventListener("visibilitychange", hold);
  }, []);
}
