import { ref, type Ref } from "vue";

/** What a person has asked for: whether it is under way, and why the last try has failed. */
export interface Action {
  readonly isBusy: Ref<boolean>;

  /** For a person; empty if it has not failed. */
  readonly failure: Ref<string>;

  /** Never throws. */
  run(work: () => Promise<void>): Promise<void>;
}

export function useAction(): Action {
  const isBusy = ref(false);
  const failure = ref("");
  return {
    isBusy,
    failure,
    async run(work) {
      isBusy.value = true;
      failure.value = "";
      try {
        await work();
      } catch (error) {
        failure.value = (error as Error).message;
      } finally {
        isBusy.value = false;
      }
    },
  };
}
