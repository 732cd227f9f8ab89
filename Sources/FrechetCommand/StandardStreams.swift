#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Standard output and standard error, unbuffered.
enum StandardStreams {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func write(_ text: String) throws(Failure) {
    if let code = write(text, to: STDOUT_FILENO) {
      throw Failure(description: "standard output: \(systemMessage(code))")
    }
  }

  /// Where standard error is closed as well there is nobody left to tell.
  static func writeError(_ text: String) {
    _ = write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO)
  }

  /// The error's number where not all could be written.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes -> Int32? in
      var done = 0
      while done < bytes.count, let base = bytes.baseAddress {
        #if canImport(Darwin)
          let count = Darwin.write(descriptor, base + done, bytes.count - done)
        #elseif canImport(Glibc)
          let count = Glibc.write(descriptor, base + done, bytes.count - done)
        #else
          let count = Musl.write(descriptor, base + done, bytes.count - done)
        #endif
        if count < 0, errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return nil
    }
  }

  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// What the system calls an error: `No such file or directory`.
func systemMessage(_ code: Int32) -> String {
  strerror(code).map { String(cString: $0) } ?? "error \(code)"
}
