#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

enum Folder {
  /// Creates a folder and those that it stands in, as far as they are not there.
  static func create(_ path: String) throws(CommandError) {
    var end = path.startIndex
    while end < path.endIndex {
      let next = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let prefix = String(path[..<next])
      if mkdir(prefix, 0o777) != 0, errno != EEXIST {
        throw .wrongInput("--out \(path): \(systemMessage(errno))")
      }
      end = next
    }
  }
}
