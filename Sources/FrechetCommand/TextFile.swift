#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

enum TextFile {
  /// Writes a text into a file, in the place of what was there.
  static func write(_ text: String, to path: String) throws(CommandError) {
    guard let file = fopen(path, "w") else {
      throw .wrongInput("\(path): \(systemMessage(errno))")
    }
    let bytes = Array(text.utf8)
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else {
      throw .wrongInput("\(path): \(systemMessage(errno))")
    }
  }
}
