/** What RE2 would not compile, in a few words. */
export class Re2Error extends Error {
  override readonly name = "Re2Error";
}
