import Emission
import Foundation
import Testing

@Test func sample() throws {
  guard let path = ProcessInfo.processInfo.environment["SAMPLE"] else { return }
  for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
    let (definitions, body) = SmallParser.parseInput(String(line))
    var latex = LaTeXPrinter()
    var unicode = UnicodePrinter()
    for (name, value) in definitions {
      print("SAMPLE\t\(name)= \(latex.print(value))\t\(unicode.print(value))\t")
      latex = latex.defining(name, as: value)
      unicode = unicode.defining(name, as: value)
    }
    print("SAMPLE\t\(latex.print(body))\t\(unicode.print(body))\t\(line)")
  }
}
