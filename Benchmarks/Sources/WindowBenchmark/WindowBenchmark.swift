import MotifKit
import Runtime

/// Speed of cutting windows into memory: `swift run -c release WindowBenchmark GENOME INTERVALS WIDTH`.
///
/// Prints the fastest of three rounds in seconds, each of which opens the genome, reads the intervals and leaves a
/// `SequenceSet` with all bases. `peers/genomes.py` runs it beside other readers.
@main
struct WindowBenchmark {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count == 3, let width = Int(arguments[2]), width > 0 else {
      throw InputError("expected GENOME INTERVALS WIDTH")
    }
    var options = WindowOptions(length: width)
    options.maximumUnknown = 2
    var fastest = Double.infinity
    for _ in 0..<3 {
      let start = ContinuousClock.now
      let windows = try Genome(path: arguments[0]).windows(
        around: IntervalFile.read(path: arguments[1]), options)
      let time = (ContinuousClock.now - start).components
      precondition(windows.sequences.count > 0)
      fastest = min(fastest, Double(time.seconds) + 1e-18 * Double(time.attoseconds))
    }
    print(fastest)
  }
}
