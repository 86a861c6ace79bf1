import { onScopeDispose, readonly, shallowRef, type Ref } from "vue";

const tick = 15_000;
const now = shallowRef(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, to within a quarter of a minute. All who use it share one timer. */
export function useNow(): Readonly<Ref<number>> {
  if (users++ === 0) timer = setInterval(() => (now.value = Date.now()), tick);
  now.value = Date.now();
  onScopeDispose(() => {
    if (--users === 0) clearInterval(timer);
  });
  return readonly(now);
}
