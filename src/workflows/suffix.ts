const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
const length = 6;

/** Six random letters and digits. In a workflow Math.random gives the same again on replay. */
export function newSuffix(): string {
  return Array.from({ length }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}
