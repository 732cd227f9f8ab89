import Foundation
import RandomExpressions

/// Tries one input after the other and says what became of each.
///
/// A line is written before each trial, so that after a crash the input is known.
enum Worker {
  static let start = "@start "
  static let end = "@end "

  static func run(_ settings: Settings) {
    for place in settings.first..<(settings.first + settings.count) {
      let input = settings.input(at: place)
      say(start + "\(place)")
      let begin = processorTime
      let outcome = settings.outcome(of: input, at: place)
      let seconds = " \(processorTime - begin)"
      switch outcome {
      case .verified, .noPoint: break
      case .limit:
        say("--- \(outcome.label) at \(place)\n\(input.command)\n\(outcome.detail)")
        say(end + outcome.label + seconds)
        // The work that was given up still runs.
        exit(0)
      case .wrong, .unreadable, .cannot, .refused:
        let small = input.shrunk {
          settings.outcome(of: $0, at: place).label == outcome.label
        }
        let found = settings.outcome(of: small, at: place)
        say("--- \(outcome.label) at \(place)\n\(small.command)\n\(found.detail)")
      }
      if case .verified = outcome, input.options.form == .auto, !settings.compiles {
        say(end + outcome.label + seconds + " " + outcome.detail)
      } else {
        say(end + outcome.label + seconds)
      }
    }
  }

  /// Of this process, in seconds: what other processes do does not count.
  private static var processorTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  static func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }
}
