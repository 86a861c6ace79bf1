/** What differs from one environment to another: `config.json` beside index.html, read when the page starts. */
export interface Config {
  /** The API's origin, without a slash at its end. */
  readonly apiBaseUrl: string;
  readonly entra: {
    /** `https://login.microsoftonline.com/{tenant id}`, or `https://{name}.ciamlogin.com/{tenant id}`. */
    readonly authority: string;
    /** Hosts to trust as an authority although Microsoft's list does not name them: the one of External ID. */
    readonly knownAuthorities?: string[];
    /** The authority's discovery document, where it cannot be fetched by https: the issuer on this machine. */
    readonly authorityMetadata?: object;
    /** Of this client's registration. */
    readonly clientId: string;
    /** `api://{the API's client id}/Chat.Access`. */
    readonly scope: string;
  };
  /** Where Momento is, if not where its tokens say: the one on this machine. */
  readonly momentoEndpoint?: string;
}

/** @throws Error with a text for a person: the file is missing or lacks something. */
export async function loadConfig(): Promise<Config> {
  const answer = await fetch("/config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json could not be read (status ${answer.status}).`);
  const config: unknown = await answer.json().catch(() => null);
  if (!isConfig(config)) throw new Error("config.json must have apiBaseUrl and entra, with its authority, clientId and scope.");
  return config;
}

function isConfig(value: unknown): value is Config {
  if (!hasTexts(value, "apiBaseUrl")) return false;
  return "entra" in value && hasTexts(value.entra, "authority", "clientId", "scope");
}

function hasTexts(value: unknown, ...names: string[]): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && names.every((name) => typeof (value as Record<string, unknown>)[name] === "string");
}
