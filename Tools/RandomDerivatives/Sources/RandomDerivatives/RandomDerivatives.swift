import Foundation
import RandomExpressions

/// Derives random expressions and verifies the answers.
@main
enum RandomDerivatives {
  static func main() throws {
    guard let settings = Settings(Array(CommandLine.arguments.dropFirst())) else {
      Worker.say(Settings.usage)
      exit(2)
    }
    if settings.lists {
      for place in settings.first..<(settings.first + settings.count) {
        print(settings.input(at: place).command)
      }
      return
    }
    if settings.isWorker { return Worker.run(settings) }
    Worker.say("seed \(settings.seed), \(settings.count) expressions from \(settings.first)")
    var supervisor = Supervisor(settings)
    try supervisor.run()
    Worker.say(supervisor.summary)
    let bad = ["wrong", "unreadable", "crash"].reduce(0) { $0 + (supervisor.counts[$1] ?? 0) }
    exit(bad == 0 ? 0 : 1)
  }
}
