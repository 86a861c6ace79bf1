const fragment = "#invite=";
const storageKey = "chat.invitation";

/** An address that lets whoever opens it into a room. The code is in the fragment, which browsers send to nobody. */
export function invitationLink(inviteCode: string): string {
  return `${location.origin}/${fragment}${inviteCode}`;
}

/**
 * Takes the code out of the page's address, where the history would keep it and the sign-in would drop it, and into the tab's
 * session storage.
 */
export function takeInvitation(): void {
  if (!location.hash.startsWith(fragment)) return;
  sessionStorage.setItem(storageKey, location.hash.slice(fragment.length));
  history.replaceState(null, "", location.pathname);
}

/** The code of the invitation that is still to be accepted. */
export function pendingInvitation(): string | null {
  return sessionStorage.getItem(storageKey);
}

export function forgetInvitation(): void {
  sessionStorage.removeItem(storageKey);
}
