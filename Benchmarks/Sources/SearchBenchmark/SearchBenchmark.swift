import Foundation
import MotifKit

/// Proposes points to who computes what they are worth: `Benchmarks/peers/search.py`.
///
/// Reads a line of JSON for each search, `{"strategy": "tpe", "seed": 1, "axes": [{"min": 0, "max": 1, "log": false, "whole":
/// false}, {"choices": [1, 2]}]}`; then writes a point and reads its loss, line by line, until a line that is empty.
@main
struct SearchBenchmark {
  private struct Request: Decodable {
    struct Axis: Decodable {
      var min, max: Double?
      var log, whole: Bool?
      var choices: [Double]?
    }

    var strategy: String
    var seed: UInt64
    var axes: [Axis]
  }

  static func main() throws {
    while let line = readLine(), !line.isEmpty {
      let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
      guard let strategy = SearchStrategy(rawValue: request.strategy) else {
        fatalError("no strategy is called \(request.strategy)")
      }
      let axes = request.axes.map { axis in
        SearchAxis(
          axis.choices.map { .choice($0) }
            ?? .range((axis.min ?? 0)...(axis.max ?? 1), isLogarithmic: axis.log ?? false),
          isWhole: axis.whole ?? false)
      }
      let search = PointSearch(strategy, axes: axes, seed: request.seed)
      var results: [SearchResult] = []
      while true {
        let point = search.point(number: results.count, after: results)
        print(point.map { "\($0)" }.joined(separator: " "))
        fflush(nil)
        guard let answer = readLine(), !answer.isEmpty else { break }
        results.append(SearchResult(point: point, loss: Double(answer)))
      }
    }
  }
}
