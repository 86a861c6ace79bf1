import { createApp } from "vue";
import App from "./App.vue";
import { loadConfig } from "./config";
import { Session } from "./identity/session";
import StartFailure from "./layout/StartFailure.vue";
import { takeInvitation } from "./people/invitation";
import "./style.css";

try {
  takeInvitation();
  const config = await loadConfig();
  const session = await Session.start(config.entra);
  createApp(App, { config, session }).mount("#app");
} catch (error) {
  createApp(StartFailure, { reason: error instanceof Error ? error.message : String(error) }).mount("#app");
}
