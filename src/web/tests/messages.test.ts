import { mount } from "@vue/test-utils";
import type { ChatMessage } from "chat-functions-client";
import { describe, expect, it } from "vitest";
import { displayName } from "../src/identity/displayName";
import { userIdOf } from "../src/identity/userId";
import { dayName, timeAgo } from "../src/messages/dates";
import { linkify } from "../src/messages/links";
import MessageComposer from "../src/messages/MessageComposer.vue";
import MessageItem from "../src/messages/MessageItem.vue";
import { rowsOf } from "../src/messages/messageRows";
import { charactersLeft, maxTextLength } from "../src/messages/messageText";

const noon = new Date(2026, 10, 24, 12).getTime();
const minute = 60_000;

function entry(key: string, time: number, senderId = "bob"): ChatMessage {
  return {
    key, id: `1-${key}`, number: 1, version: 1, sender: { id: senderId, name: senderId }, isOwn: false, text: key, sentAt: time, editedAt: null, deletedAt: null,
    replyTo: null, metadata: {}, reactions: [], status: "sent", failure: null,
  };
}

describe("A message", () => {
  it("has a limit in code points of what is sent, composed", () => {
    expect(charactersLeft("")).toBe(maxTextLength);
    expect(charactersLeft(" a\u0308😀\nb ")).toBe(maxTextLength - 4);
  });
});

describe("Addresses in a text", () => {
  it.each([
    ["see https://example.com/a?b=1.", ["https://example.com/a?b=1"]],
    ["(http://example.com)", ["http://example.com/"]],
    ["javascript:alert(1) data:text/html,x ftp://example.com //example.com", []],
    ["https://", []],
  ])("of %j are %j", (text, expected) => {
    const parts = linkify(text);
    expect(parts.flatMap(({ href }) => href ?? [])).toEqual(expected);
    expect(parts.map((part) => part.text).join("")).toBe(text);
  });
});

describe("Times", () => {
  it("are relative for an hour and then the clock's", () => {
    expect(timeAgo(noon, noon + 59_000)).toBe("now");
    expect(timeAgo(noon, noon + 5 * minute)).toMatch(/^5/);
    expect(timeAgo(noon, noon + 61 * minute)).toMatch(/12/);
  });

  it("belong to days that have names", () => {
    expect(dayName(noon, noon)).toBe("Today");
    expect(dayName(noon - 24 * 60 * minute, noon)).toBe("Yesterday");
    expect(dayName(noon - 10 * 24 * 60 * minute, noon)).toContain("14");
  });
});

describe("The rows of a list", () => {
  const kinds = (rows: ReturnType<typeof rowsOf>) => rows.map((row) => (row.kind === "entry" ? `${row.entry.key}${row.isFollowUp ? "+" : ""}` : row.kind));

  it("separate days, and put together what one person says within five minutes", () => {
    const entries = [entry("a", noon - 24 * 60 * minute), entry("b", noon), entry("c", noon + minute), entry("d", noon + 2 * minute, "carol"), entry("e", noon + 9 * minute, "carol")];
    expect(kinds(rowsOf(entries, null))).toEqual(["day", "a", "day", "b", "c+", "d", "e"]);
  });

  it("mark the first unseen message", () => {
    expect(kinds(rowsOf([entry("a", noon), entry("b", noon)], "b"))).toEqual(["day", "a", "unseen", "b"]);
  });
});

describe("A message in the list", () => {
  it("shows text as text", () => {
    const item = mount(MessageItem, { props: { entry: { ...entry("1", noon), text: "<b>bold</b>" }, isFollowUp: false } });
    expect(item.find(".text").text()).toBe("<b>bold</b>");
    expect(item.find("b").exists()).toBe(false);
  });

  it("says whom it is from, also where they have no name", () => {
    const from = (name: string) =>
      mount(MessageItem, { props: { entry: { ...entry("1", noon), sender: { id: "ABEiM0RVZneImaq7zN3u_w", name } }, isFollowUp: false } }).find(".sender").text();
    expect(from("Bob")).toBe("Bob");
    expect(from("")).toBe("Somebody ABEiM0RV");
  });

  it("says of one that is deleted that it is", () => {
    const item = mount(MessageItem, { props: { entry: { ...entry("1", noon), text: null }, isFollowUp: false } });
    expect(item.text()).toContain("Message deleted");
    expect(item.find(".text").exists()).toBe(false);
  });

  it("shows its reactions with their counts, which a press toggles", async () => {
    const reactions = [{ emoji: "❤️", count: 3 }, { emoji: "👍", count: 1, mine: true as const }];
    const item = mount(MessageItem, { props: { entry: { ...entry("1", noon), reactions }, isFollowUp: false } });
    expect(item.findAll(".reactions button").map((button) => [button.text(), button.attributes("aria-pressed")])).toEqual([["❤️ 3", "false"], ["👍 1", "true"]]);
    await item.get(".reactions button").trigger("click");
    expect(item.findAll(".usual button")).toHaveLength(1);
    await item.get("article").trigger("pointerenter");
    await item.get(".usual [aria-label='React with 🎉']").trigger("click");
    await item.get("article").trigger("pointerleave");
    expect(item.findAll(".usual button")).toHaveLength(1);
    await item.get("[aria-label='React']").trigger("focusin");
    expect(item.findAll(".usual button")).toHaveLength(7);
    expect(item.emitted("react")).toEqual([["❤️"], ["🎉"]]);
  });

  it("offers another try if it was not sent", async () => {
    const item = mount(MessageItem, { props: { entry: { ...entry("1", noon), status: "failed", failure: { reason: "No network.", type: "" } }, isFollowUp: false } });
    expect(item.get("[role=alert]").text()).toContain("No network.");
    await item.get("button").trigger("click");
    expect(item.emitted("retry")).toHaveLength(1);
  });
});

describe("The composer", () => {
  it("sends with Enter, breaks the line with Shift, and leaves Enter to an input method", async () => {
    const composer = mount(MessageComposer, { props: { roomName: "General" } });
    const field = composer.get("textarea");
    await field.setValue("  hello  ");
    await field.trigger("keydown", { key: "Enter", shiftKey: true });
    await field.trigger("keydown", { key: "Enter", isComposing: true });
    expect(composer.emitted("send")).toBeUndefined();
    await field.trigger("keydown", { key: "Enter" });
    expect(composer.emitted("send")).toEqual([["hello"]]);
    expect((field.element as HTMLTextAreaElement).value).toBe("");
  });

  it("sends neither nothing nor too much, and says how much is too much", async () => {
    const composer = mount(MessageComposer, { props: { roomName: "General" } });
    for (const text of ["   \n", "x".repeat(5000)]) {
      await composer.get("textarea").setValue(text);
      await composer.get("textarea").trigger("keydown", { key: "Enter" });
    }
    expect(composer.emitted("send")).toBeUndefined();
    expect(composer.text()).toMatch(/Too long by 3000 characters/);
  });
});

describe("A person", () => {
  it("is called by their name, and without one is told from others by their id", () => {
    expect(displayName({ id: "ABEiM0RVZneImaq7zN3u_w", name: "Alice" })).toBe("Alice");
    expect(displayName({ id: "ABEiM0RVZneImaq7zN3u_w", name: "" })).toBe("Somebody ABEiM0RV");
    expect(displayName({ id: "", name: "" })).toBe("Somebody");
  });
});

describe("A user's id", () => {
  it("is what the API makes of the object id", () => {
    expect(userIdOf("00112233-4455-6677-8899-aabbccddeeff")).toBe("ABEiM0RVZneImaq7zN3u_w");
  });
});
