/** Whether somebody sees the page. Where there is none, as in Node, yes. */
export function isSeen(): boolean {
  return typeof document === "undefined" || document.visibilityState !== "hidden";
}

/**
 * Tells when nobody sees the page any more, since it is left or closed. One that is kept may come back: {@link onWake} tells.
 * @returns Ends it.
 */
export function onGone(gone: () => void): () => void {
  if (typeof window === "undefined") return () => {};
  window.addEventListener("pagehide", gone);
  return () => window.removeEventListener("pagehide", gone);
}

/**
 * Tells when it is worth while to do at once what would have been done later: the network is back, or somebody sees the page again.
 * @returns Ends it.
 */
export function onWake(wake: () => void): () => void {
  if (typeof window === "undefined" || typeof document === "undefined") return () => {};
  const seen = () => {
    if (isSeen()) wake();
  };
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", wake);
  window.addEventListener("focus", seen);
  document.addEventListener("visibilitychange", seen);
  return () => {
    window.removeEventListener("online", wake);
    window.removeEventListener("pageshow", wake);
    window.removeEventListener("focus", seen);
    document.removeEventListener("visibilitychange", seen);
  };
}
