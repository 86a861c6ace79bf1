import { onScopeDispose, shallowRef, type Ref } from "vue";

const rooms = "#/rooms/";

/** The address of a room's page, or of the list. */
export function addressOf(chatId: string | null): string {
  return chatId === null ? "#/" : rooms + encodeURIComponent(chatId);
}

export function goTo(chatId: string | null): void {
  location.hash = addressOf(chatId);
}

/** The id of the room that the address names, as it changes; null for none. */
export function useRoomInAddress(): Ref<string | null> {
  const chatId = shallowRef(read());
  const update = () => (chatId.value = read());
  window.addEventListener("hashchange", update);
  onScopeDispose(() => window.removeEventListener("hashchange", update));
  return chatId;
}

function read(): string | null {
  if (!location.hash.startsWith(rooms)) return null;
  try {
    return decodeURIComponent(location.hash.slice(rooms.length)) || null;
  } catch {
    return null;
  }
}
