/// What the two sides of a comparison are called in a finding.
public struct Wording: Hashable, Sendable {
  /// What is judged: `the claim`.
  let claim: String
  /// What it is judged by: `the derivative`.
  let derivative: String

  /// A claimed derivative.
  public static let claim = Wording(claim: "the claim", derivative: "the derivative")
  /// The result of a program.
  public static let result = Wording(claim: "the result", derivative: "the derivative")
  /// The first line of a derivation about something.
  public static let truth = Wording(claim: "this line", derivative: "the right expression")
  /// A line of a derivation and the one before.
  public static let line = Wording(claim: "this line", derivative: "the line before")

  /// The sentence with its first letter in upper case.
  static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
