// What the browser keeps for the chat. Where storage is refused, looking at it throws: then nothing is kept.

export const memory = (run) => {
  try {
    return run(localStorage);
  } catch {
    return undefined;
  }
};
