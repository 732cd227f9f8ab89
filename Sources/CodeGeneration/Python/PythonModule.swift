/// A Python file: imports, helpers, then functions and classes.
struct PythonModule {
  private var needs = Needs()
  private var parts: [[String]] = []

  init(imports: [String]) {
    for line in imports { needs.use(line) }
  }

  mutating func use(_ other: Needs) { needs.formUnion(other) }
  mutating func use(_ helper: Helper) { needs.use(helper) }
  mutating func use(import line: String) { needs.use(line) }

  /// A function or class.
  mutating func add(_ lines: [String]) { parts.append(lines) }

  var text: String {
    let standard = ["import functools", "import math", "import sys", "import time"]
    let imports = needs.importLines
    let own = imports.filter { standard.contains($0) }
    let others =
      imports.filter { !standard.contains($0) && $0.hasPrefix("import") }
      + imports.filter { $0.hasPrefix("from") }
    var lines = own + (own.isEmpty || others.isEmpty ? [] : [""]) + others
    for part in needs.helpers.map({ [$0.source] }) + parts { lines += ["", ""] + part }
    return lines.joined(separator: "\n") + "\n"
  }
}
