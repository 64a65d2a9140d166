const exitStatus = 130;

/** At Ctrl-C says something and ends the process. Returns what takes it back. */
export function onInterrupt(say: () => void): () => void {
  const leave = (): void => {
    say();
    process.exit(exitStatus);
  };
  process.once('SIGINT', leave);
  return () => process.off('SIGINT', leave);
}
