import Frechet

/// The names of options, as far as they decide how arguments are read.
enum OptionNames {
  /// Those with a value, which may begin with a minus.
  static let valued: Set<String> = [
    "--declare", "--assume", "--wrt", "--order", "--layout", "--symmetric", "--metric", "--form",
    "--format",
    "--claim",
    "--time-limit",
    "--data",
    "--gradient",
    "--jacobian",
    "--hessian",
    "--hvp",
    "--jvp",
    "--vjp",
    "--emit",
    "--size",
    "--memory-limit",
    "--out",
    "--derivation",
    "--points",
    "--seed",
    "--tolerance",
    "--call-limit",
    "--python",
    "--dtype",
    "--plot",
    "--task",
    "--threads",
    "--duration",
    "--along",
  ]
  /// Those whose value may be left out.
  static let optional: Set<String> = ["--steps"]
  static let flags: Set<String> = [
    "--unstructured",
    "--no-verify",
    "--test",
    "--joint",
    "--columns",
    "--verbose",
    "--unicode",
    "--ascii",
    "--help",
    "--version",
    "-h",
    "--bench",
  ]
  static let commands: Set<String> = [
    "derive",
    "check",
    "verify",
    "convexity",
    "evaluate",
    "bench",
    "shapes",
    "explain",
    "table",
  ]
  /// What belongs to the command as a whole, where it comes first.
  static let general: Set<String> = [
    "help", "-h", "--help", "--version", "--generate-completion-script",
    "--experimental-dump-help", "---completion",
  ]
}

/// The arguments such that none can be mistaken: the subcommand is named, a value is tied to its
/// option (`--wrt=x`), and operands stand behind `--`, so that `-x'*x` is an input.
func rewrittenArguments(_ arguments: [String]) throws(CommandError) -> [String] {
  guard let first = arguments.first, !OptionNames.general.contains(first) || isInput(arguments)
  else { return arguments }
  let named = OptionNames.commands.contains(first)
  var options = [named ? first : "derive"]
  var operands: [String] = []
  var rest = (named ? arguments.dropFirst() : arguments[...])
  while let argument = rest.popFirst() {
    if argument == "--" {
      operands += rest
      break
    }
    if OptionNames.valued.contains(argument), let value = rest.first, !isOptionName(value) {
      options.append("\(argument)=\(value)")
      rest.removeFirst()
      // `--data x=x.npy y=y.npy`: one option may be followed by several values.
      while argument == "--data", let next = rest.first, isData(next) {
        options.append("\(argument)=\(next)")
        rest.removeFirst()
      }
    } else if argument == "--steps" {
      // Alone it is a flag; `--steps all` says how much, unless that is the input.
      let isValue =
        rest.first.map { StepDetail(rawValue: $0) != nil } ?? false
        && !(operands + rest.dropFirst()).allSatisfy { $0.hasPrefix("--") }
      options.append("--steps=" + (isValue ? rest.removeFirst() : StepDetail.short.rawValue))
    } else if let name = optionName(argument), argument != "-h" || !isInput(arguments) {
      try requireKnown(name)
      options.append(argument)
    } else {
      operands.append(argument)
    }
  }
  return operands.isEmpty ? options : options + ["--"] + operands
}

/// Whether an argument names a file of data or a number, `x=x.npy`, and so cannot be an input.
private func isData(_ argument: String) -> Bool {
  guard let equals = argument.firstIndex(of: "="), let initial = argument.first, initial.isLetter,
    argument[..<equals].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
  else { return false }
  let value = argument[argument.index(after: equals)...]
  return Double(value) != nil || value.hasSuffix(".npy") || value.hasSuffix(".csv")
}

private func isOptionName(_ argument: String) -> Bool {
  OptionNames.valued.contains(argument) || OptionNames.flags.contains(argument)
    || OptionNames.optional.contains(argument)
}

/// The name where an argument has the form of an option, known or not: `--name`, `--name=value`.
private func optionName(_ argument: String) -> String? {
  if argument == "-h" { return argument }
  guard argument.hasPrefix("--") else { return nil }
  let name = argument.dropFirst(2).prefix { $0 != "=" }
  guard let initial = name.first, initial.isASCII, initial.isLetter else { return nil }
  return name.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-") } ? "--" + name : nil
}

private func requireKnown(_ name: String) throws(CommandError) {
  if isOptionName(name) { return }
  let nearest = NearestName.find(for: name, among: OptionNames.valued.union(OptionNames.flags))
  let suggestion =
    nearest.map { "; did you mean \($0)?" } ?? "; an input that begins so stands behind `--`"
  throw .wrongInput("\(name): there is no such option\(suggestion)")
}

/// Whether `-h` is the input: it asks for help, unless a derivative with respect to `h` is asked.
private func isInput(_ arguments: [String]) -> Bool {
  let wrt = zip(arguments, arguments.dropFirst()).contains { $0 == "--wrt" && $1 == "h" }
  return arguments.contains("-h") && (wrt || arguments.contains("--wrt=h"))
}
