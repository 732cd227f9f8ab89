import EmittedPrograms
import Frechet

/// What the command line asks for.
struct Settings {
  var targets = TargetName.allCases
  var groups: [ProgramGroup] = [.corpus]
  var only: Set<String> = []
  /// Of each n rows the k-th.
  var sample = (k: 1, n: 1)
  /// Of every dimension; nil where sizes are random.
  var size: Int?
  var checks: [String] = []
  /// Where the programs stay.
  var folder: String?
  /// Where the table of all rows goes.
  var table: String?
  var asksForHelp = false

  static var usage: String {
    let groups = ProgramGroup.allCases.map { group in
      "    " + group.rawValue.padding(toLength: 18) + group.summary
    }
    let checks = programRunners.filter { !$0.checks.isEmpty }.map { runner in
      "    " + runner.target.rawValue.padding(toLength: 18)
        + runner.checks.joined(separator: ", ")
    }
    return """
      Writes the programs of `frechet --emit` for tables of derivatives, runs them, and compares what
      they return with Frechet's own numbers at random points. Ends with 1 where one is wrong.
      Scripts/program-runtimes installs what runs them. Julia's programs are parsed, not run. CXX names
      the compiler of C++, g++ without it; clang++ takes a third of the time.

      usage: emitted-programs [--target all] [--rows corpus] [--sample 1/1] [--only ID,…]
                              [--size N] [--checks NAME,…] [--folder PATH] [--table PATH]

        --target  \(TargetName.allCases.map(\.rawValue).joined(separator: ",")) or all
        --rows    what is derived, or all:
      \(groups.joined(separator: "\n"))
        --sample  k/n: of each n rows the k-th
        --only    rows by their ids
        --size    that of every dimension; without it, sizes are random
        --checks  further checks, or all; those that a language has:
      \(checks.joined(separator: "\n"))
        --folder  where the programs stay
        --table   writes what became of each row in each language, in Markdown

      examples:
        emitted-programs --target all --sample 1/5
        emitted-programs --target torch --rows corpus,second --checks gradcheck,gradgradcheck
        emitted-programs --target eigen --only 000-logdet --folder programs
      """
  }

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--help" || option == "-h" {
        asksForHelp = true
        continue
      }
      guard let text = rest.popFirst() else { return nil }
      let list = text.split(separator: ",").map(String.init)
      switch option {
      case "--target":
        targets = text == "all" ? TargetName.allCases : list.compactMap(TargetName.init)
        guard text == "all" || targets.count == list.count else { return nil }
      case "--rows":
        groups = text == "all" ? ProgramGroup.allCases : list.compactMap(ProgramGroup.init)
        guard text == "all" || groups.count == list.count else { return nil }
      case "--only": only = Set(list)
      case "--sample":
        let numbers = text.split(separator: "/").compactMap { Int($0) }
        guard numbers.count == 2, numbers[1] > 0, (1...numbers[1]).contains(numbers[0]) else {
          return nil
        }
        sample = (numbers[0], numbers[1])
      case "--checks":
        let all = Set(programRunners.flatMap(\.checks))
        checks = text == "all" ? all.sorted() : list
        guard checks.allSatisfy(all.contains) else { return nil }
      case "--size":
        guard let number = Int(text), number > 0 else { return nil }
        size = number
      case "--folder": folder = text
      case "--table": table = text
      default: return nil
      }
    }
  }

  func rows(of group: ProgramGroup) throws -> [ProgramRow] {
    let all = try group.rows()
    let chosen = only.isEmpty ? all : all.filter { only.contains($0.id) }
    return chosen.enumerated().filter { $0.offset % sample.n == sample.k - 1 }.map(\.element)
  }
}

extension String {
  func padding(toLength length: Int) -> String {
    self + String(repeating: " ", count: max(1, length - count))
  }
}
