import ArgumentParser
import Frechet

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@main
struct FrechetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "frechet",
    abstract: "Derivatives of matrix expressions, in matrix notation.",
    discussion: """
      frechet INPUT --wrt X is short for frechet derive INPUT --wrt X.

      EXAMPLES
        frechet "x'*A*x" --wrt x
        frechet "norm2(A*x - b)^2" --declare 'b: vector(m)' --wrt x --order 2
        frechet "logdet(X)" --wrt X --format latex
        frechet "x'*A*x" --wrt x --steps
        frechet explain "trace trick"
        frechet table determinants
        frechet convexity "logsumexp(A*x + b)" --declare 'b: vector(m)' --wrt x
        frechet shapes "X*W + b" --declare 'b: row(k)'
        frechet evaluate "x'*A*x" --data A=A.npy --data x=x.npy --gradient x

      EXIT STATUS
        0 done; 1 the answer is no; 2 the input is wrong; 3 a limit was hit
      """,
    version: "0.1.0",
    subcommands: [
      DeriveCommand.self, CheckCommand.self, VerifyCommand.self, ConvexityCommand.self,
      EvaluateCommand.self, BenchCommand.self, ShapesCommand.self, ExplainCommand.self,
      TableCommand.self,
    ],
    defaultSubcommand: DeriveCommand.self)

  static func main() {
    // A reader that leaves early is an error like any other, and one with a message.
    signal(SIGPIPE, SIG_IGN)
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      if arguments.isEmpty {
        try StandardStreams.write(helpMessage() + "\n")
        leave(.done)
      }
      try requireUTF8(arguments)
      var command = try parseAsRoot(try rewrittenArguments(arguments))
      try command.run()
      leave(.done)
    } catch {
      leave(report(error))
    }
  }

  /// Arguments arrive as bytes; what is no UTF-8 in them has been replaced on the way.
  private static func requireUTF8(_ arguments: [String]) throws {
    for argument in arguments where argument.unicodeScalars.contains("\u{FFFD}") {
      throw CommandError.wrongInput("`\(argument)`: an argument is not valid UTF-8")
    }
  }
}
