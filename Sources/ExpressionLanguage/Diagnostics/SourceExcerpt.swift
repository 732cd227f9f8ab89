/// The line of a source that holds a place, cut to what a terminal shows, and marks below it.
struct SourceExcerpt {
  let line: String
  let marks: String

  private static let widest = 96

  init(of source: String, marking range: Range<Int>) {
    let bytes = source.utf8
    let start = min(max(range.lowerBound, 0), bytes.count)
    let end = min(max(range.upperBound, start), bytes.count)
    let place = bytes.index(bytes.startIndex, offsetBy: start)
    // Newlines are ASCII, so that cutting at them never splits a character.
    let isNewline: (UInt8) -> Bool = { $0 == 10 || $0 == 13 }
    let lineStart = bytes[..<place].lastIndex(where: isNewline).map { bytes.index(after: $0) }
    let lower = lineStart ?? bytes.startIndex
    let upper = bytes[place...].firstIndex(where: isNewline) ?? bytes.endIndex
    let stop = min(bytes.index(place, offsetBy: end - start), upper)

    let before = Array(Self.visible(source, lower..<place))
    let marked = Array(Self.visible(source, place..<stop))
    let after = Array(Self.visible(source, stop..<upper))

    let room = Self.widest - min(marked.count, Self.widest / 2)
    let kept = before.count + after.count <= room ? before.count : min(before.count, room / 2)
    let keptAfter = min(after.count, room - kept)
    let keptMarks = min(marked.count, Self.widest / 2)
    let lead = (kept < before.count ? "…" : "") + String(before.suffix(kept))
    let middle = String(marked.prefix(keptMarks))
    let cut = keptMarks < marked.count
    let tail = cut ? "…" : String(after.prefix(keptAfter)) + (keptAfter < after.count ? "…" : "")
    line = lead + middle + tail
    marks =
      String(repeating: " ", count: lead.count)
      + String(repeating: "^", count: max(keptMarks, 1))
  }

  /// Control characters would break the line or the terminal.
  private static func visible(_ source: String, _ range: Range<String.Index>) -> String {
    // Only the ends of a long line are ever shown.
    let slice = source[range]
    let text = slice.utf8.count > 4096 ? "\(slice.prefix(512))…\(slice.suffix(512))" : String(slice)
    return String(
      text.map { character in
        character.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } ? character : " "
      })
  }
}
