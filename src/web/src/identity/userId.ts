/**
 * The API's id of a user: base64url of the 16 bytes of their object id (`oid`) as it is written.
 * @param objectId A UUID.
 */
export function userIdOf(objectId: string): string {
  const bytes = objectId.replaceAll("-", "").match(/../g) ?? [];
  const binary = String.fromCharCode(...bytes.map((byte) => parseInt(byte, 16)));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
