import {
  AuthError,
  CacheLookupPolicy,
  InteractionRequiredAuthError,
  PublicClientApplication,
  type AccountInfo,
  type Configuration,
  type RedirectRequest,
} from "@azure/msal-browser";
import { ApiUnreachable, SignInRequired } from "chat-functions-client";
import { shallowRef } from "vue";
import type { Config } from "../config";
import { userIdOf } from "./userId";

/** Who uses this page. */
export interface User {
  /** As the API has it. */
  readonly id: string;
  /** What the identity provider calls them; empty if it does not. */
  readonly name: string;
}

/** Where in this page the user was before the sign-in. */
const placeKey = "chat.place";

/**
 * Signing in and out with Entra ID, or with whatever issuer the configuration names. Tokens live in the tab's session storage,
 * which ends with the tab: two tabs can have two users.
 */
export class Session {
  readonly #msal: PublicClientApplication;
  readonly #scopes: string[];
  readonly #account: AccountInfo | null;
  readonly user: User | null;

  /** Whether only a new sign-in helps. */
  readonly hasEnded = shallowRef(false);

  private constructor(msal: PublicClientApplication, scope: string, account: AccountInfo | null) {
    this.#msal = msal;
    this.#scopes = [scope];
    this.#account = account;
    this.user = account && userOf(account);
  }

  /** Takes up the answer of a sign-in, if this page load is one, or the session that the tab has. */
  static async start(config: Config["entra"]): Promise<Session> {
    const msal = new PublicClientApplication(toMsal(config));
    await msal.initialize();
    const answer = await msal.handleRedirectPromise({ navigateToLoginRequestUrl: false });
    if (answer) {
      msal.setActiveAccount(answer.account);
      history.replaceState(null, "", sessionStorage.getItem(placeKey) ?? "/");
      sessionStorage.removeItem(placeKey);
    }
    return new Session(msal, config.scope, msal.getActiveAccount());
  }

  /** Leaves this page for the issuer's. Whoever is signed in there already is asked who they want to be here. */
  async signIn(): Promise<void> {
    await this.#leave({ scopes: this.#scopes, prompt: "select_account" });
  }

  /** Leaves this page for the issuer's, and comes back with the same user and new tokens. */
  async signInAgain(): Promise<void> {
    await this.#leave({ scopes: this.#scopes, ...(this.#account && { loginHint: this.#account.username }) });
  }

  async signOut(): Promise<void> {
    await this.#msal.logoutRedirect({ account: this.#account });
  }

  /**
   * For the API. It is renewed with the refresh token when it is due; never in a hidden frame, which browsers that block
   * other sites' cookies break.
   * @param renew Whatever is left of its life.
   * @throws SignInRequired
   * @throws ApiUnreachable The issuer does not answer.
   */
  async accessToken(renew: boolean): Promise<string> {
    if (!this.#account) throw this.end();
    try {
      const answer = await this.#msal.acquireTokenSilent({
        scopes: this.#scopes,
        account: this.#account,
        cacheLookupPolicy: renew ? CacheLookupPolicy.RefreshToken : CacheLookupPolicy.AccessTokenAndRefreshToken,
      });
      return answer.accessToken;
    } catch (error) {
      if (error instanceof InteractionRequiredAuthError) throw this.end();
      // MSAL does not count this one in: the refresh token is spent, revoked, or of an issuer that has forgotten it.
      if (error instanceof AuthError && error.errorCode === "invalid_grant") throw this.end();
      throw new ApiUnreachable(error);
    }
  }

  end(): SignInRequired {
    this.hasEnded.value = true;
    return new SignInRequired();
  }

  /** Something has failed: it may be that the API has refused a new token, too. */
  note(error: unknown): void {
    if (error instanceof SignInRequired) this.hasEnded.value = true;
  }

  /** @returns The same, noted where it fails. */
  async watch<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.note(error);
      throw error;
    }
  }

  /** The issuer sends the browser back to the page's bare address. */
  async #leave(request: RedirectRequest): Promise<void> {
    sessionStorage.setItem(placeKey, location.hash || "/");
    await this.#msal.loginRedirect(request);
  }
}

function toMsal(config: Config["entra"]): Configuration {
  return {
    auth: {
      authority: config.authority,
      clientId: config.clientId,
      redirectUri: `${location.origin}/`,
      postLogoutRedirectUri: `${location.origin}/`,
      ...(config.knownAuthorities && { knownAuthorities: config.knownAuthorities }),
      ...(config.authorityMetadata && { authorityMetadata: JSON.stringify(config.authorityMetadata) }),
    },
    cache: { cacheLocation: "sessionStorage" },
  };
}

function userOf(account: AccountInfo): User {
  const { oid } = account.idTokenClaims ?? {};
  return { id: userIdOf(oid ?? account.localAccountId), name: account.name ?? "" };
}
