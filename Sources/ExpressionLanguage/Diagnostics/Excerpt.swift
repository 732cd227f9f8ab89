/// Source text within a sentence.
enum Excerpt {
  /// On one line and cut in the middle where it is long.
  static func short(_ text: String) -> String {
    let line = String(text.prefix(4096).map { $0.isNewline ? " " : $0 })
    guard line.count > 48 || text.utf8.count > 4096 else { return line }
    return "\(line.prefix(22)) … \(text.suffix(20))"
  }
}
