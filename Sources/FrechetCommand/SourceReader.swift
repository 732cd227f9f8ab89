#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An INPUT of the command line: the text itself, `@file`, or `-` for standard input.
enum SourceReader {
  /// More is no expression that anybody wrote.
  private static let largestSize = 16 << 20

  static func text(of argument: String) throws(CommandError) -> String {
    if argument == "-" {
      let name = "standard input"
      return try decoded(bytes(of: STDIN_FILENO, named: name), name)
    }
    guard argument.hasPrefix("@") else { return argument }
    let path = String(argument.dropFirst())
    guard !path.isEmpty else {
      throw .wrongInput("`@`: the name of a file is missing, as in `@loss.txt`")
    }
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw .wrongInput("\(path): \(systemMessage(errno))") }
    defer { close(descriptor) }
    return try decoded(bytes(of: descriptor, named: path), path)
  }

  private static func bytes(
    of descriptor: Int32, named name: String
  ) throws(CommandError) -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .wrongInput("\(name): \(systemMessage(errno))") }
      if count == 0 { return result }
      result += buffer[..<count]
      if result.count > largestSize {
        throw .tooLarge("\(name): an input of more than \(largestSize >> 20) MiB is too large")
      }
    }
  }

  private static func decoded(
    _ bytes: [UInt8], _ name: String
  ) throws(CommandError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .wrongInput("\(name): the text is not valid UTF-8")
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }
}
