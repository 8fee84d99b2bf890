import { useEffect, useState } from "preact/hooks";

/** Renders again every `period` milliseconds, for what shows the passing of time. */
export function useTick(period: number): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), period);
    return () => clearInterval(timer);
  }, [period]);
}
